//! Matchers and combinations, one table a subject.

use super::check;
use crate::dpl::{compile, find_all, matches_whole, run};

#[test]
fn literals() {
    check(&[
        ("'ab':x", "abab", "x=ab"),
        ("'ab'{2}:x 'c'", "ababc", "x=abab"),
        ("'ab'{3}:x", "abab", "-"),
        // Greedy, and nothing is given back.
        ("'a'* 'a'", "aaa", "-"),
        ("'a'{1,2}:x 'a':y", "aaa", "x=aa | y=a"),
        ("'':x 'a'", "a", "x="),
        (r"'it\'s':x", "it's", "x=it's"),
        (r#"'\u00e9\n':x"#, "é\n", "x=é\n"),
    ]);
}

#[test]
fn line_data_and_data() {
    check(&[
        ("LD:a '::' LD:b", "x:y::z", "a=x:y | b=z"),
        ("LD:a EOL LD:b", "one\ntwo\nthree", "a=one | b=two"),
        ("LD:a 'two'", "one\ntwo", "-"),
        ("DATA:a 'two'", "one\ntwo", "a=one\n"),
        ("DATA:a", "one\ntwo", "a=one\ntwo"),
        ("LD{3}:a LD:b", "abcdef", "a=abc | b=def"),
        ("LD{2,3}:a", "abcdef", "a=abc"),
        ("LD{2,3}:a 'e'", "abcdef", "-"),
        // Counts are characters.
        ("LD{2}:a LD:b", "éüx", "a=éü | b=x"),
        ("LD{0,8}:a 'x'", "x", "a="),
        // The literal ends beyond the greatest length of the text before it.
        ("LD{1,2}:a 'cd'", "abcd", "a=ab"),
        ("LD:a 'bb'{2}", "abbabbbb", "a=abba"),
        // The whole group is what follows, and nothing after it.
        ("LD:a (',' INT:n)", "x,y,5", "a=x,y | n=5"),
        ("LD:a ',' INT:n", "x,y,5", "-"),
        ("LD:a INT:n", "abc42", "a=abc | n=42"),
        ("LD:a >>'c' LD:b", "abcd", "a=ab | b=cd"),
        ("LD:a <<'b' LD:b", "abcd", "a=ab | b=cd"),
        ("LD:a (!<<[a-z] '7')", "ab7 7", "a=ab7 "),
        // A test that holds at once ends the text at once.
        ("LD:a !<<[a-z] '7'", "ab7 7", "-"),
        ("LD:a (EOL | EOS)", "abc", "a=abc"),
        ("LD:a (EOL | EOS)", "abc\nd", "a=abc"),
        // Only optional followers: the text may end where one of them matches.
        ("LD:a ';'? ' '?", "ab; c", "a=ab"),
        ("LD:a ';'?", "abc", "a=abc"),
        ("DATA? '[' LD:l ']'", "a [b] c", "l=b"),
        ("LD?:a '['", "[", "a=null"),
        ("(LD:a '-' | LD:a) EOS", "abc", "a=abc"),
        ("'x' (LD:a)? EOS", "x", "a=null"),
    ]);
    check(&[(
        "LD:a EOS",
        &"é".repeat(4096),
        &format!("a={}", "é".repeat(4096)),
    )]);
    check(&[("LD:a EOS", &"x".repeat(4097), "-")]);
}

#[test]
fn strings() {
    check(&[
        (
            "STRING:s",
            "prod/db-1.x:y=z+@,;() rest",
            "s=prod/db-1.x:y=z+@,;()",
        ),
        ("STRING:s", "a\tb", "s=a"),
        ("STRING:s", " a", "-"),
        (r#"STRING:s LD:r"#, r#""a \" b" c"#, r#"s=a " b | r= c"#),
        (r#"STRING:s"#, r#""open end"#, r#"s="open"#),
        ("SQS:s", "''", "-"),
        ("SQS*:s", "''", "s="),
        ("SQS{1,3}:s", "'abcd'", "-"),
        (r"SQS:s", r"'a\nb\\'", r"s=a\nb\"),
        ("CSVSQS:s ';'", "'it''s';", "s=it's"),
        ("CSVSQS:s", "'open", "-"),
        ("DQS:s", "\"two\nlines\"", "s=two\nlines"),
    ]);
}

#[test]
fn character_groups_and_classes() {
    check(&[
        ("[^ \\n]+:x", "ab c", "x=ab"),
        ("[! \n]+:x", "ab\nc", "x=ab"),
        ("[A-Z-_]+:x", "A-B_c", "x=A-B_"),
        (r"[\]\[\\]+:x", r"[]\a", r"x=[]\"),
        ("[[:alpha:]_]+:x", "a_1", "x=a_"),
        ("[!:space:]+:x", "ab c", "x=ab"),
        ("[:any:]{3}:x", "a\né", "x=a\né"),
        ("[^a]+:x", "éüa", "x=éü"),
        ("[à-ü]+:x", "éüa", "x=éü"),
        ("NSPACE:x", "é-1 2", "x=é-1"),
        ("PUNCT:x", "!?.a", "x=!?."),
        ("UPPER:x LOWER:y", "ABcd", "x=AB | y=cd"),
        ("BLANK:x", "\n", "-"),
        ("DIGIT{2}:x", "123", "x=12"),
        ("digit:x", "007", "x=007"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("INT:n", "2147483647", "n=2147483647"),
        ("INT:n", "2147483648", "-"),
        ("INT:n", "-2147483648", "n=-2147483648"),
        ("LONG:n", "-9223372036854775808", "n=-9223372036854775808"),
        ("LONG:n", "9223372036854775808", "-"),
        ("INT(min=5):n", "4", "-"),
        ("INT*:n ','", ",", "n=null"),
        ("INT+:n ','", ",", "-"),
        ("INT:n LD:r", "4o", "n=4 | r=o"),
        ("HEXINT:n", "-xFE", "n=-254"),
        ("HEXINT:n LD:r", "0xg", "n=0 | r=xg"),
        ("HEXLONG:n", "7fffffffffffffff", "n=9223372036854775807"),
        ("DOUBLE:n LD:r", "1.2.3", "n=1.2 | r=.3"),
        ("DOUBLE:n LD:r", "5.x", "n=5.0 | r=.x"),
        ("DOUBLE:n", "1.5e3", "n=1500.0"),
        ("DOUBLE:n", "1e-3", "n=0.001"),
        ("DOUBLE:n LD:r", "1e", "n=1.0 | r=e"),
        ("DOUBLE:n", ".5", "-"),
        ("DOUBLE:n", "1e999", "-"),
        ("CDOUBLE:n LD:r", "1,5.2", "n=1.5 | r=.2"),
        ("BOOLEAN:b LD:r", "TRUEx", "b=true | r=x"),
        ("BOOL:b", "fals", "-"),
    ]);
}

#[test]
fn addresses_and_identifiers() {
    check(&[
        ("IP:a LD:r", "10.0.0.1.5", r#"a="10.0.0.1" | r=.5"#),
        ("IP:a", "10.0.0.256", "-"),
        ("IP:a", "10.0.0", "-"),
        ("IPV6:a LD:r", "FE80::1%eth0", r#"a="fe80::1" | r=%eth0"#),
        ("IPV6:a LD:r", "::1:", r#"a="::1" | r=:"#),
        ("IPADDR:a EOS", "1:2:3:4:5:6:7:8", r#"a="1:2:3:4:5:6:7:8""#),
        ("IPV6:a", "10.0.0.1", "-"),
        (
            "LD:x IPADDR:a",
            "from 192.0.2.7 on",
            r#"x=from  | a="192.0.2.7""#,
        ),
        (
            "UUIDSTRING:u LD:r",
            "123e4567-e89b-12d3-a456-426614174000!",
            "u=123e4567-e89b-12d3-a456-426614174000 | r=!",
        ),
        ("UUIDSTRING:u", "123e4567-e89b-12d3-a456-42661417400", "-"),
        // The check digit of 424242424242424_ is 2.
        (
            "CREDITCARD:c",
            "4242-4242 4242%204242",
            "c=4242424242424242",
        ),
        ("CREDITCARD:c", "4242424242424241", "-"),
        (
            "SMARTSCAPEID:s",
            "HOST-0123456789ABCDEF",
            "s=\"HOST-0123456789ABCDEF\"",
        ),
    ]);
}

#[test]
fn groups_alternatives_and_optionals() {
    check(&[
        ("(INT:a '-' INT:b):g ','", "1-2,", "a=1 | b=2 | g=1-2"),
        // The first that matches is final.
        ("('a' | 'ab'):x 'c'", "abc", "-"),
        ("(INT:a ';' | INT:b ','):x", "5,", "a=null | b=5 | x=5,"),
        ("(INT:v | STRING:v)", "x", "v=\"x\""),
        ("(INT:v | STRING:v)", "7", "v=7"),
        ("(INT:a ',')? INT:b", "1,2", "a=1 | b=2"),
        ("(INT:a ',')? INT:b", "12", "a=null | b=12"),
        ("('x':a)? 'y'", "y", "a=null"),
        ("'t'<true>:ok", "t", "ok=true"),
        ("('yes'<1>:n | 'no'<0>:n)", "no", "n=0"),
        // A name given twice in one sequence keeps the later value.
        ("INT:a ',' INT:a", "1,2", "a=2"),
    ]);
}

#[test]
fn separated_groups() {
    check(&[
        ("(INT:a INT:b INT:c)(fs=', ')", "1, 2, 3", "a=1 | b=2 | c=3"),
        ("(INT:a INT:b)(fs={SPACE ';' SPACE})", "1 ; 2", "a=1 | b=2"),
        ("(LD:a LD:b)(fs=',') ';'", "x y,z;", "a=x y | b=z"),
        // The first member may be empty: a separator may begin the group.
        (
            "LD:a (ENUM{'a'=1,''=2}:e INT:n)(fs=',')",
            "xy,1",
            "a=xy | e=2 | n=1",
        ),
        (
            "(INT:a WORD?:b WORD?:c)(fs=',') EOS",
            "1",
            "a=1 | b=null | c=null",
        ),
        (
            "(INT:a WORD?:b WORD?:c)(fs=',') EOS",
            "1,x",
            "a=1 | b=x | c=null",
        ),
        (
            "(INT:a WORD?:b WORD?:c)(fs=',') EOS",
            "1,,y",
            "a=1 | b=null | c=y",
        ),
        ("(WORD?:a INT:b)(fs='\\t')", "\t5", "a=null | b=5"),
        (
            "(WORD:a ('-' | LD:x) INT:n)(fs='|')",
            "u|-|3",
            "a=u | x=null | n=3",
        ),
        (
            "(WORD:a ('-' | LD:x) INT:n)(fs='|')",
            "u|v w|3",
            "a=u | x=v w | n=3",
        ),
    ]);
}

#[test]
fn look_arounds() {
    check(&[
        (">>INT LD:x", "12a", "x=12a"),
        ("!>>INT LD:x", "12a", "-"),
        ("INT !<<'2' LD:x", "12a", "-"),
        ("INT <<'2' LD:x", "12a", "x=a"),
        ("<<'a' 'b'", "b", "-"),
        ("!<<'a' 'b':x", "b", "x=b"),
        // What is looked at is not captured.
        (">>(INT:n) LD:x", "12a", "x=12a"),
        ("LD:a <<(INT '.' INT) '!'", "v 1.2! 3!", "a=v 1.2"),
    ]);
    // No further back than 64 bytes.
    let literal = |length: usize| format!("'{0}' <<'{0}' 'y':x", "x".repeat(length));
    check(&[(&literal(64), &format!("{}y", "x".repeat(64)), "x=y")]);
    check(&[(&literal(65), &format!("{}y", "x".repeat(65)), "-")]);
}

#[test]
fn positions_and_line_breaks() {
    check(&[
        ("BOS 'a':x", "a", "x=a"),
        ("'a' BOS", "aa", "-"),
        ("MOS 'a'", "a", "-"),
        ("'a' MOS 'b':x", "ab", "x=b"),
        ("'a' EOL", "a", "-"),
        ("'a' CR LF 'b':x", "a\r\nb", "x=b"),
        ("'a' WINEOL 'b':x", "a\r\nb", "x=b"),
        ("'a' EOL+:x", "a\n\nb", "x=\n\n"),
    ]);
}

#[test]
fn composites() {
    check(&[
        ("ARRAY{INT:i ','?}{1,}:a", "1,2,3;", "a=[1,2,3]"),
        ("ARRAY{INT:i ','?}{1,2}:a LD:r", "1,2,3", "a=[1,2] | r=3"),
        (
            "ARRAY{WORD:k '=' INT:v ';'?}{1,}:a",
            "a=1;b=2",
            r#"a=[{"k":"a","v":1},{"k":"b","v":2}]"#,
        ),
        ("ARRAY{LD:x ','?}{1,}:a", "abc,d", r#"a=["abc","d"]"#),
        ("ARRAY{LD:x ','?}{1,}:a ';'", "abc,d;", r#"a=["abc","d"]"#),
        ("ARRAY{IPADDR:x ','?}{0,}:a 'x'", "x", "a=[]"),
        // What is inside stays inside.
        ("ARRAY{INT:i ','?}{1,} EOS", "1,2", ""),
        (
            "KVP{WORD:key '=' LD:value '&'?}:p",
            "a=1&b=x y&a=2",
            r#"p={"a":"2","b":"x y"}"#,
        ),
        (
            "KVP{WORD:key '=' INT:value ' '?}:p EOS",
            "a=1 b=2",
            r#"p={"a":1,"b":2}"#,
        ),
        ("KVP{WORD:key '=' INT:value}:p", "!", "-"),
        ("KVP{WORD:key '=' INT:value}*:p '!'", "!", "p={}"),
        (
            "STRUCTURE{INT:a (',' IP:b)?}:s",
            "1",
            r#"s={"a":1,"b":null}"#,
        ),
        (
            "STRUCTURE{INT:a ',' IP:b}:s",
            "1,::2",
            r#"s={"a":1,"b":"::2"}"#,
        ),
        ("ENUM{'a'=1,'ab'=2}:e", "abc", "e=2"),
        ("ENUM{'a'=0x10}:e", "a", "e=16"),
        ("ENUM{'GET'=1}(cis=true):e", "get", "e=1"),
        ("$p = INT:n ','; $p INT:m", "1,2", "n=1 | m=2"),
        (
            "$d = [0-9]; $t = $d $d; $t:h ':' $t:m",
            "12:34",
            "h=12 | m=34",
        ),
        (
            "$x = INT:n; $x:a ',' $x:b",
            "1,2",
            r#"a={"n":1} | b={"n":2}"#,
        ),
    ]);
}

/// Patterns of the kinds that are in use, over lines of the kinds they are used on.
#[test]
fn patterns_from_the_field() {
    let access = r#"(IPADDR:'src.ip' | [! \n]+):peer ' ' ('-' | NSPACE:ident) ' ' ('-' | (DATA{1,8096}:auth >>(' [' HTTPDATE)))
        ' [' HTTPDATE:at '] ' (('\"' [A-Z-_]+:verb ' ' LD{0,8096}:uri ' ' LD{3,10}:proto '\"') | DQS:bad) ' ' LONG:status
        ' ' (LONG:bytes | '-') (' ' DQS:ref (' ' DQS:agent)?)?"#;
    let line = r#"192.0.2.9 - jo doe [26/Dec/2018:02:59:40 +0100] "GET /a?b HTTP/1.1" 200 - "http://x/" "curl \"8\"""#;
    let expected = concat!(
        r#"src.ip="192.0.2.9" | peer=192.0.2.9 | ident=null | auth=jo doe | at="2018-12-26T01:59:40.000000000Z""#,
        r#" | verb=GET | uri=/a?b | proto=HTTP/1.1 | bad=null | status=200 | bytes=null | ref=http://x/ | agent=curl "8""#,
    );
    check(&[
        (access, line, expected),
        (
            "LD IPADDR:ip ':' LONG:payload SPACE LD 'HTTP_STATUS' SPACE INT:http_status LD (EOL|EOS)",
            "x 10.1.2.3:77 GET HTTP_STATUS 404 end",
            r#"ip="10.1.2.3" | payload=77 | http_status=404"#,
        ),
        (
            "'call X' ('_' LD:tag)? '_DB(' ARRAY{SQS:p ', '?}{1,}:ps ')'",
            "call X_T_DB('a', 'b')",
            r#"tag=T | ps=["a","b"]"#,
        ),
        (
            "LD '/ui/dashboard/' [a-z0-9-]+:id",
            "GET /ui/dashboard/ab-1?x",
            "id=ab-1",
        ),
        ("'/com.x.'LD:ext ('/' | EOS)", "/com.x.y.z/q", "ext=y.z"),
        (
            "$eol=(EOLWIN | EOL); $line='****' $eol; $line <<$line DATA{0,10485760}:t ($eol >>($line | EOF))",
            "****\na\nb\n****\n",
            "t=a\nb",
        ),
    ]);
}

#[test]
fn searching() {
    let ranges = |pattern: &str, input: &str| -> Vec<_> {
        let program = compile(pattern).unwrap();
        find_all(&program, input).map(|found| found.range).collect()
    };
    assert_eq!(ranges("INT", "a1é22b"), [1..2, 4..6]);
    // No overlap, and nothing for matches that consume nothing.
    assert_eq!(ranges("'aa'", "aaaaa"), [0..2, 2..4]);
    assert_eq!(ranges("'x'*", "axxb"), Vec::from_iter(Some(1..3)));
    assert_eq!(ranges("<<'a' 'b'", "abb"), Vec::from_iter(Some(1..2)));
    let whole = |pattern: &str, input: &str| matches_whole(&compile(pattern).unwrap(), input);
    assert!(whole("INT ',' INT", "1,2"));
    assert!(!whole("INT ',' INT", "1,2 "));
    assert!(!whole("INT", ""));
    assert!(whole("LD", "any line"));
    assert!(!whole("LD", "two\nlines"));
}

#[test]
fn pathological_patterns_end() {
    let input = "a".repeat(20_000);
    for pattern in [
        "LD 'a' LD 'a' LD 'a' LD 'a' LD 'b'",
        "DATA DATA DATA DATA DATA DATA 'b'",
        "LD{0,20000} (LD (LD (LD (LD 'b'))))",
        "LD{1,20000} ([a]{1,20000} 'b')",
        "DATA{0,20000} (DATA{0,20000} (DATA{0,20000} (LONG)))",
        "ARRAY{LD 'b'?}{1,} 'c'",
        "DATA{0,20000} ('a'{19999,20000} 'b')",
        "DATA{0,20000} (NSPACE{19999,20000} SPACE)",
        "DATA{0,20000} STRING{19999,20000} SPACE",
    ] {
        let start = std::time::Instant::now();
        let outcome = run(&compile(pattern).unwrap(), &input);
        assert_eq!(outcome.captures, None, "{pattern}");
        assert!(
            start.elapsed().as_secs() < 20,
            "{pattern} took {:?}",
            start.elapsed()
        );
    }
    let many = "LD ".repeat(5_000);
    let outcome = run(&compile(&many).unwrap(), &input);
    assert!(outcome.gave_up && outcome.captures.is_none());
    // Macros that double at every step are small programs with much to do.
    let mut doubling = String::from("$m0 = 'a'?;");
    for step in 1..60 {
        doubling.push_str(&format!("$m{step} = $m{0} $m{0};", step - 1));
    }
    let outcome = run(&compile(&format!("{doubling} $m59")).unwrap(), "b");
    assert!(outcome.gave_up && outcome.captures.is_none());
}
