//! What can be wrong with a competition package.

use domain::findings;

findings! {
    /// What can be wrong with a competition package, beyond its scheme, rules and marks.
    pub enum PackageFinding {
        NotThere { path: String } = Error "package_not_there",
            "找不到“{path}”；请给出赛事包的文件夹或 .zip 文件。",
            "There is no \"{path}\"; name a package's folder or .zip file.";
        Unreadable { problem: String } = Error "package_unreadable",
            "读不了：{problem}",
            "It cannot be read: {problem}";
        NotAZip = Error "not_a_zip",
            "这个文件不是 .zip；请给出赛事包的文件夹或 .zip 文件。",
            "This file is no .zip; name a package's folder or .zip file.";
        TooLarge { what: String } = Error "package_too_large",
            "{what}；请拆分赛事包。",
            "{what}; split the package.";
        UnsafeName { name: String } = Error "unsafe_name",
            "压缩包里的文件名“{name}”不安全，整个包已拒收。",
            "The archive holds the unsafe name \"{name}\"; it was refused as a whole.";
        FileMissing { file: String } = Error "file_missing",
            "缺少文件 {file}；请补上。",
            "The file {file} is missing; add it.";
        NoSkills = Error "no_skills",
            "赛事包里没有赛项；请在 skills/ 下为每个赛项建一个文件夹。",
            "The package has no skills; make a folder for each under skills/.";
        TooManySkills { count: usize } = Error "too_many_skills",
            "共有 {count} 个赛项，最多 200 个。",
            "There are {count} skills; 200 is the most.";
        NotUtf8 { looks_like: &'static str } = Error "not_utf8",
            "文件不是 UTF-8 编码（看起来是 {looks_like}）；请另存为“CSV UTF-8”后再试。",
            "The file is not UTF-8 (it looks like {looks_like}); save it as \"CSV UTF-8\" and try again.";
        TomlUnreadable { problem: String } = Error "toml_unreadable",
            "TOML 读不懂：{problem}",
            "The TOML cannot be read: {problem}";
        KeyMissing { key: String } = Error "key_missing",
            "缺少“{key}”；请补上。",
            "\"{key}\" is missing; add it.";
        UnknownKey { key: String } = Warning "unknown_key",
            "不认识“{key}”，已忽略。",
            "\"{key}\" is not known and was left out.";
        UnknownRuleSet { name: String, known: String } = Error "unknown_rule_set",
            "没有规则集“{name}”；可用：{known}，或在 rule_set.toml 里写出。",
            "There is no rule set \"{name}\"; use one of {known}, or write it in rule_set.toml.";
        CsvUnreadable { problem: String } = Error "csv_unreadable",
            "这一行不是合格的 CSV：{problem}",
            "This row is not well-formed CSV: {problem}";
        ColumnMissing { column: String } = Error "column_missing",
            "表头缺少列“{column}”；请补上。",
            "The header lacks the column \"{column}\"; add it.";
        ColumnRepeated { column: String } = Error "column_repeated",
            "列“{column}”出现了两次；请只保留一列。",
            "The column \"{column}\" stands there twice; keep one.";
        ColumnUnknown { column: String } = Warning "column_unknown",
            "不认识列“{column}”，已忽略。",
            "The column \"{column}\" is not known and was left out.";
        TooManyRows { most: usize } = Error "too_many_rows",
            "行数超过 {most}。",
            "There are more than {most} rows.";
        CellEmpty = Error "cell_empty",
            "这一格不能为空；请填写。",
            "This cell may not be empty; fill it in.";
        DecimalComma { text: String, meant: String } = Error "decimal_comma",
            "“{text}”用了逗号作小数点；请写成 {meant}。",
            "\"{text}\" has a decimal comma; write {meant}.";
        FullWidthDigits { text: String, meant: String } = Error "full_width_digits",
            "“{text}”是全角数字；请写成 {meant}。",
            "\"{text}\" has full-width digits; write {meant}.";
        NotANumber { text: String } = Error "not_a_number",
            "“{text}”不是数字；请写成 5.75 这样的形式。",
            "\"{text}\" is not a number; write it like 5.75.";
        TooManyDecimals { text: String, most: u32 } = Error "too_many_decimals",
            "“{text}”的小数位太多；最多 {most} 位。",
            "\"{text}\" has too many decimals; {most} at the most.";
        NumberTooLarge { text: String } = Error "number_too_large",
            "“{text}”太大。",
            "\"{text}\" is too large.";
        NotWhole { text: String } = Error "not_whole",
            "“{text}”须为 0 或以上的整数。",
            "\"{text}\" must be a whole number, 0 or more.";
        NotATime { text: String } = Error "not_a_time",
            "“{text}”不是时间；请写成 2026-05-01T09:30:00+08:00 这样的形式。",
            "\"{text}\" is no time; write it like 2026-05-01T09:30:00+08:00.";
        NotOneOf { text: String, known: String } = Error "not_one_of",
            "“{text}”不可用；可选：{known}。",
            "\"{text}\" is not known here; use one of {known}.";
        UnfitCode { code: String } = Error "unfit_code",
            "编号“{code}”不可用；请用 1 到 64 个字符，首尾不留空格。",
            "Code \"{code}\" cannot be used; use 1 to 64 characters without space at the ends.";
        RepeatedId { id: String, first: u64 } = Error "repeated_id",
            "编号“{id}”已在第 {first} 行出现；请给它唯一的编号。",
            "Id \"{id}\" already stands in row {first}; give this one its own.";
        ParametersUnreadable { problem: String } = Error "parameters_unreadable",
            "parameters 须是 JSON，并符合该计算类型：{problem}",
            "parameters must be JSON that fits the calculation: {problem}";
        NotForThisType { column: String, method: String } = Warning "not_for_this_type",
            "列“{column}”对 {method} 类型没有意义，已忽略。",
            "The column \"{column}\" means nothing for type {method} and was left out.";
        TwoCriteria { sub_criterion: String, one: String, other: String } = Error "two_criteria",
            "子项“{sub_criterion}”同时属于评分项“{one}”和“{other}”；请只归入一个。",
            "Sub-criterion \"{sub_criterion}\" lies in criteria \"{one}\" and \"{other}\"; put it in one.";
        Cycle { ids: String } = Error "cycle",
            "评分标准的层级绕成了圈：{ids}；请改正上下级编号。",
            "The scheme's levels run in a circle: {ids}; mend the ids of the levels.";
        TwoDays { sub_criterion: String, one: u32, other: u32 } = Error "two_days",
            "子项“{sub_criterion}”写了两个评分日（{one} 和 {other}）；一张评分表只有一天。",
            "Sub-criterion \"{sub_criterion}\" has two days of marking ({one} and {other}); one form has one day.";
        UnknownJudge { judge: String } = Error "unknown_judge",
            "judges.csv 里没有裁判“{judge}”；请添加或改正编号。",
            "There is no judge \"{judge}\" in judges.csv; add the judge or mend the code.";
        UnknownCompetitor { competitor: String } = Error "unknown_competitor",
            "competitors.csv 里没有选手“{competitor}”；请添加或改正编号。",
            "There is no competitor \"{competitor}\" in competitors.csv; add the competitor or mend the code.";
        UnknownAspect { aspect: String } = Error "unknown_aspect",
            "aspects.csv 里没有评分点“{aspect}”；请改正编号。",
            "There is no aspect \"{aspect}\" in aspects.csv; mend the id.";
        UnknownSubCriterion { id: String } = Error "unknown_sub_criterion",
            "aspects.csv 里没有子项“{id}”；请改正编号。",
            "There is no sub-criterion \"{id}\" in aspects.csv; mend the id.";
        TeamTwoGroups { team: String } = Error "team_two_groups",
            "队“{team}”的队员写了不同的组别；请统一。",
            "The members of team \"{team}\" name different groups; name one.";
        TwoMeasurements { one: String, first: u64 } = Error "two_measurements",
            "同一测量项已在第 {first} 行由裁判“{one}”给出不同的值；请核实后只保留一个。",
            "Judge \"{one}\" gave this measurement another value in row {first}; find out which holds and keep one.";
        MarkRefused { problem: String } = Error "mark_refused", "{problem}", "{problem}";
        EventRefused { problem: String } = Error "event_refused", "{problem}", "{problem}";
        SecondMissing = Warning "second_missing",
            "这类决定通常需要第二个人确认；second 列为空。",
            "Such a decision usually names a second person; the column second is empty.";
        ExpectedUnknown { competitor: String } = Error "expected_unknown",
            "expected.csv 中的“{competitor}”不在选手名单里。",
            "\"{competitor}\" in expected.csv is not among the competitors.";
        Differs { competitor: String, column: String, computed: String, expected: String } = Error "differs",
            "选手 {competitor} 的 {column}：算得“{computed}”，公布的是“{expected}”。",
            "The {column} of competitor {competitor}: computed \"{computed}\", published \"{expected}\".";
        NotMarked { competitor: String, unmarked: usize } = Warning "not_marked",
            "选手 {competitor} 还有 {unmarked} 个评分点未评，因此没有总分和名次。",
            "Competitor {competitor} has {unmarked} unmarked aspects, hence no total and no position.";
        LedgerDiffers = Warning "ledger_not_read",
            "ledger.ndjson 未用于计算；请用“leitai ledger verify”核验。",
            "ledger.ndjson was not used here; verify it with \"leitai ledger verify\".";
    }
}
