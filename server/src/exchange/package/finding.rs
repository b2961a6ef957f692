//! What can be wrong with a competition package.

use domain::finding::Spoken;
use domain::findings;

findings! {
    /// What can be wrong with a competition package, beyond its files, tables, scheme, rules and marks.
    pub enum PackageFinding {
        NoSkills = Error "no_skills",
            "赛事包里没有赛项；请在 skills/ 下为每个赛项建一个文件夹。",
            "The package has no skills; make a folder for each under skills/.";
        SeveralSkills { skills: String } = Error "several_skills",
            "这里有几个赛项（{skills}）；请指明其中一个的文件夹。",
            "There are several skills here ({skills}); name the folder of one.";
        TooManySkills { count: usize } = Error "too_many_skills",
            "共有 {count} 个赛项，最多 200 个。",
            "There are {count} skills; 200 is the most.";
        TomlUnreadable { problem: Spoken } = Error "toml_unreadable",
            "TOML 读不懂：{problem:#}。",
            "The TOML cannot be read: {problem}.";
        KeyMissing { key: String } = Error "key_missing",
            "缺少“{key}”；请补上。",
            "\"{key}\" is missing; add it.";
        UnknownKey { key: String } = Warning "unknown_key",
            "不认识“{key}”，已忽略。",
            "\"{key}\" is not known and was left out.";
        UnknownRuleSet { name: String, known: String } = Error "unknown_rule_set",
            "没有规则集“{name}”；可用：{known}，或在 rule_set.toml 里写出。",
            "There is no rule set \"{name}\"; use one of {known}, or write it in rule_set.toml.";
        ParametersUnreadable { problem: Spoken } = Error "parameters_unreadable",
            "parameters 须是 JSON，并符合该计算类型：{problem:#}。",
            "parameters must be JSON that fits the calculation: {problem}.";
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
    }
}
