require ["fileinto","variables","envelope","relational","regex","mailbox","copy","imap4flags",
"body","comparator-i;ascii-numeric","encoded-character"];
# comment
/* another */
if allof (header :contains ["subject","x"] "a", not address :domain :is "from" "b",
	envelope :localpart "to" "me") { fileinto :copy :flags ["\\Seen", "$x"] "a${1}"; stop; }
elsif anyof (size :over 10K, exists "from", string :matches "abc" "a*?",
	header :count "ge" :comparator "i;ascii-numeric" "received" "3",
	header :regex "subject" "^(.*)$", body :content "text" :contains "y",
	hasflag :is "v" "\\Seen", mailboxexists "INBOX") { keep; }
else { redirect :copy "a@b.org"; discard; }
set :upperfirst :quotewildcard :length "v" "x${v}${hex:41 42}${unicode:20ac}";
setflag "v" "a b"; addflag "c"; removeflag ["c"];
set "t" text:
..a
b
.
;
