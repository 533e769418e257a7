# Subjects in character sets that you cannot read anyway, into "foreign". Rules see fields
# decoded; how they were written is seen by "raw".
#
# SPDX-License-Identifier: ISC

require ["fileinto", "regex", "vnd.mailrail.raw"];

if raw :header :regex "^Subject: *=\\?(gb2312|gbk|gb18030|big5|koi8-r|windows-1251)\\?" {
	fileinto "foreign";
	stop;
}
