# Every test that reads what a stranger wrote, none of which finds anything.
# SPDX-License-Identifier: ISC
require ["fileinto", "variables", "envelope", "regex", "relational", "body", "mime",
	"foreverypart", "extracttext", "date", "index", "copy", "imap4flags"];

if header :contains ["Subject", "From", "X-None"] "no such text" { fileinto "never"; }
if header :matches "Subject" "*no*such*text*" { fileinto "never"; }
if header :count "eq" "Subject" "123456789" { fileinto "never"; }
if header :index 99999 :last "Subject" "no such text" { fileinto "never"; }
if address :all :is ["From", "To", "Cc"] "no@such.address" { fileinto "never"; }
if address :domain :contains ["From", "To", "Cc"] "such.address" { fileinto "never"; }
if date :is "Date" "year" "1066" { fileinto "never"; }
if header :mime :param ["filename", "name"] :contains
	["Content-Disposition", "Content-Type"] "no such text" { fileinto "never"; }
if body :raw :contains "no such text" { fileinto "never"; }
if body :text :contains "no such text" { fileinto "never"; }
if body :content "" :contains ["no such text", "nor this"] { fileinto "never"; }
if exists :mime :anychild "X-None" { fileinto "never"; }
foreverypart {
	if header :mime :contenttype "Content-Type" "no/such-type" { fileinto "never"; }
	extracttext :first 10 "text";
	if string :is "${text}" "no such" { fileinto "never"; }
}
if header :regex "Subject" "^no(such)*text$" { fileinto "never"; }
