//! What the clauses and fields of a rule set are called, what each does, and by which rules; in both languages.

use domain::rules::SkillLevel;

/// A group of clauses, as the form shows them together.
pub(super) struct Group {
    /// Its id on the page.
    pub(super) id: &'static str,
    /// What it is called: 中文, English.
    pub(super) name: (&'static str, &'static str),
    /// What it is about.
    pub(super) about: (&'static str, &'static str),
    /// Its clauses, by their paths.
    pub(super) clauses: &'static [&'static str],
}

/// What a field is called and does.
pub(super) struct Words {
    pub(super) name: (&'static str, &'static str),
    /// Empty where the name says it.
    pub(super) about: (&'static str, &'static str),
    /// The rules that it sets, by their numbers.
    pub(super) rules: &'static str,
}

const fn group(
    id: &'static str,
    name: (&'static str, &'static str),
    about: (&'static str, &'static str),
    clauses: &'static [&'static str],
) -> Group {
    Group { id, name, about, clauses }
}

/// Every group, in the order of the form.
pub(super) const GROUPS: &[Group] = &[
    group(
        "rules-name",
        ("名称和公开", "Name, and what is public"),
        (
            "编号和版本由系统给：改过的规则用自己的编号，每改一次版本加一。",
            "Id and version are given by the system: changed rules have an id of their own, and each change counts the version up.",
        ),
        &["title", ""],
    ),
    group(
        "rules-scheme",
        ("评分标准的要求", "What a scheme should be like"),
        (
            "满分合计不符，赛项不能开放；其余不符合的只提醒。空着就是不作要求。",
            "A skill whose scheme has another total cannot be opened; of the rest it is only warned. Leave empty what is not asked for.",
        ),
        &["scheme"],
    ),
    group("rules-rounding", ("舍入", "Rounding"), ("", ""), &["rounding"]),
    group("rules-judgement", ("评判评分", "Judgement"), ("", ""), &["judgement"]),
    group(
        "rules-panels",
        ("回避和选手签字", "Compatriots and competitors' signatures"),
        ("", ""),
        &["compatriots", "sign_off"],
    ),
    group("rules-penalties", ("扣分和及格线", "Penalties and pass marks"), ("", ""), &["penalties", "parts"]),
    group(
        "rules-scale",
        ("量表分", "The scale"),
        (
            "选“不换算”，这一组其余各栏都不起作用。",
            "Where the total is not placed on a scale, the rest of this group has no effect.",
        ),
        &["scale"],
    ),
    group(
        "rules-ranking",
        ("同分排序", "Ties"),
        (
            "同分的人依次比较下面各行，第一个分出高下的算数；都比不出来，再看最后怎么办。",
            "Equals are compared by one row after the other, and the first that differs decides; what stays equal is settled as said at the end.",
        ),
        &["ranking.chain", "ranking"],
    ),
    group(
        "rules-medals",
        ("奖牌（按成绩远近）", "Medals, by closeness of results"),
        (
            "选“不发奖牌”，这一组其余各栏都不起作用。",
            "Where no medals are given, the rest of this group has no effect.",
        ),
        &["medals"],
    ),
    group(
        "rules-prizes",
        ("奖项（按名次）", "Prizes, by position"),
        ("从高到低，一行一个奖项。", "From the best, a row each."),
        &["prizes"],
    ),
    group(
        "rules-gates",
        ("参赛规模", "Size of the field"),
        (
            "参赛人数太少时会怎样；从小到大写，先符合的一行算数。",
            "What a small field costs; from the smallest, and the first row that holds counts.",
        ),
        &["field_gates"],
    ),
    group(
        "rules-honours",
        ("荣誉称号", "Honours"),
        ("只是建议名单，由主管部门核准后授予。", "A proposal only; the authority grants it after approval."),
        &["honours"],
    ),
    group(
        "rules-promotions",
        ("技能等级晋升", "Skill levels"),
        ("只是建议名单，由主管部门核准后晋升。", "A proposal only; the authority grants it after approval."),
        &["promotions"],
    ),
    group(
        "rules-points",
        ("代表队积分", "Points for delegations"),
        ("两栏都空着就不计积分。", "Leave both empty for none."),
        &["team_points"],
    ),
];

/// What a field is called: by the path of its clause and its name in it. Every field has words, as a test shows.
pub(super) fn words(clause: &str, name: &str) -> Option<Words> {
    let found = |name, about, rules| Some(Words { name, about, rules });
    if name == "source" {
        return found(
            ("依据", "Source"),
            ("文件名称和条款；自己定的也请写明。", "Document and clause; say so where it is your own."),
            "",
        );
    }
    match (clause, name) {
        ("title", "zh") => found(
            ("中文名称", "Name in Chinese"),
            (
                "和预设规则同名时，改过的会自动加注。",
                "Changed rules that keep a preset's name are marked as changed.",
            ),
            "",
        ),
        ("title", "en") => found(("英文名称", "Name in English"), ("", ""), ""),
        ("", "live_policy") => found(
            ("评分期间公众看到", "The public sees while marking goes on"),
            ("每个赛项还可以另选。", "Each skill may choose otherwise."),
            "R-200",
        ),
        ("scheme", "total") => found(
            ("满分合计", "Maxima sum to"),
            (
                "全部评分点的满分加起来应是多少；分成有权重的部分时不看。",
                "What the maxima of all aspects should come to; not asked where there are weighted parts.",
            ),
            "R-006",
        ),
        ("scheme", "aspect_max") => found(
            ("单个评分点最高", "Most for one aspect"),
            ("一个评分点的满分不宜超过多少。", "The most that one aspect should give."),
            "R-008",
        ),
        ("scheme", "aspects_max") => found(("评分点最多", "Most aspects"), ("", ""), "R-009"),
        ("scheme", "criteria.least") => found(("评分项最少", "Fewest criteria"), ("", ""), "R-002"),
        ("scheme", "criteria.most") => found(("评分项最多", "Most criteria"), ("", ""), "R-002"),
        ("scheme", "section_variation_max") => found(
            ("职业标准模块偏差最多", "Most a standards section may vary"),
            (
                "一个模块的实际分值与目标相差多少以内不提醒。",
                "By how many marks a section may differ from its target without a warning.",
            ),
            "R-010, R-011",
        ),
        ("rounding", "position") => found(
            ("在哪里舍入到 0.01", "Where marks are rounded to 0.01"),
            (
                "逐项舍入，再精确相加；或者保留分数，只在总分舍入一次。都是四舍五入。",
                "Each aspect, then exact sums; or fractions are kept and only the total is rounded. Half-up in both.",
            ),
            "R-050, R-052",
        ),
        ("judgement", "judges") => found(
            ("评判裁判人数", "Judges of a judgement"),
            ("空着就是评分组有几位算几位。", "Empty: as many as sit on the panel."),
            "R-031",
        ),
        ("judgement", "spread_max") => found(
            ("分差最多", "Largest spread"),
            (
                "最高与最低分值之差超过它就重新评分；空着就是任何分差都接受。",
                "A larger difference of highest and lowest score opens another round; empty: every spread is accepted.",
            ),
            "R-033, R-034",
        ),
        ("compatriots", "applies") => found(
            ("裁判评自己单位、代表队的选手", "Judges mark competitors from where they come from"),
            (
                "按单位、代表队自动查出；声明的回避无论如何都有效。",
                "Found by organisation and delegation; declared interests bar in any case.",
            ),
            "R-131",
        ),
        ("sign_off", "competitor_sees") => found(
            ("选手在评分表上签字", "Competitors sign their sheets"),
            ("裁判都签字之后，选手在裁判的设备上签。", "At a judge's device, once the judges have signed."),
            "R-158",
        ),
        ("penalties", "cap") => found(
            ("扣分合计最多", "Most that penalties take"),
            (
                "一名选手的全部扣分合计不超过它；空着不限。总分不低于 0。",
                "Of one competitor together; empty: no limit. A total never falls below 0.",
            ),
            "R-058",
        ),
        ("parts", "below_pass") => found(
            ("有一部分没到及格线", "A part below its pass mark"),
            ("及格线写在评分标准的各部分里。", "Pass marks stand with the parts of a scheme."),
            "R-056",
        ),
        ("scale", "formula") => found(
            ("怎么换算", "How it is worked out"),
            (
                "有量表分时，名次和奖牌按公布的整数量表分定。",
                "Where there is a scale, positions and medals follow its published whole number.",
            ),
            "R-070, R-072, R-080",
        ),
        ("scale", "centre") => found(
            ("中间的人得", "The middle of the field gets"),
            ("中位数（或平均分）换算成多少。", "What the median, or the mean, becomes."),
            "R-070",
        ),
        ("scale", "spread") => found(("每个偏差单位值", "A unit of deviation is worth"), ("", ""), "R-070"),
        ("scale", "deviation_factor") => found(
            ("绝对中位差的系数", "Factor of the median deviation"),
            ("只用于中位数公式；通常 1.4826。", "For the median's formula only; commonly 1.4826."),
            "R-070",
        ),
        ("ranking.chain", "key") => found(
            ("比什么", "Compare"),
            (
                "time（用时）、judgement（评判得分）、measurement（测量得分）、part:编号、criterion:编号、sub_criterion:编号。",
                "time, judgement, measurement, part:ID, criterion:ID or sub_criterion:ID.",
            ),
            "R-086",
        ),
        ("ranking.chain", "better") => found(("谁排前", "Ahead is"), ("", ""), "R-083"),
        ("ranking", "end") => found(
            ("还是同分", "Still equal"),
            (
                "除“并列”外，都要有人录入结果，之前先并列。",
                "All but sharing need somebody to enter the outcome; until then they share.",
            ),
            "R-085",
        ),
        ("medals", "rule") => found(("怎么分组", "How groups are cut"), ("", ""), "R-090 – R-095"),
        ("medals", "rule.margin") => found(
            ("分差以内同组", "Margin of a group"),
            (
                "与组内最高的量表分相差不超过它，就在同一组；只用于按分差分组。",
                "Scale points from the best of the group; for groups by margin only.",
            ),
            "R-090",
        ),
        ("medals", "threshold") => found(
            ("奖牌最低量表分", "Lowest scale score with a medal"),
            ("空着就是不设门槛。", "Empty: no threshold."),
            "R-095",
        ),
        ("medals", "positions") => {
            found(("奖牌以外谁并列", "Who shares outside the medals"), ("", ""), "R-082, R-094")
        }
        ("medals", "positions.margin") => found(
            ("分差以内并列", "Margin of sharing"),
            ("只用于按分差并列。", "For sharing by margin only."),
            "R-082",
        ),
        ("medals", "excellence.award") => found(
            ("达标奖的名称", "Award for the others"),
            (
                "没有奖牌、但达到门槛的人得；空着就没有。",
                "For whoever has no medal and reaches the threshold; empty: none.",
            ),
            "R-096, R-097",
        ),
        ("medals", "excellence.threshold") => {
            found(("达标奖最低量表分", "Its lowest scale score"), ("", ""), "R-096")
        }
        ("prizes", "award") => found(("奖项", "Award"), ("", ""), "R-104"),
        ("prizes", "take") => found(("给谁", "Who gets it"), ("", ""), "R-104 – R-106"),
        ("prizes", "take.first") => found(("从第几名", "From position"), ("", ""), ""),
        ("prizes", "take.last") => found(("到第几名", "To position"), ("", ""), ""),
        ("prizes", "take.percent") => found(("人数的百分之几", "Percent of the field"), ("", ""), ""),
        ("prizes", "take.rounding") => found(("不足一人时", "A fraction of a place"), ("", ""), "R-106"),
        ("field_gates", "at_most") => {
            found(("参赛人数不超过", "At most this many compete"), ("", ""), "R-101 – R-103")
        }
        ("field_gates", "effect") => found(("就", "Then"), ("", ""), ""),
        ("field_gates", "effect.keep") => {
            found(("只发这些奖", "Only these awards"), ("用逗号隔开。", "With commas between them."), "R-101")
        }
        ("honours", "title") => found(("称号", "Title"), ("", ""), "R-110 – R-112"),
        ("honours", "first") => found(("从第几名", "From position"), ("", ""), ""),
        ("honours", "last") => found(("到第几名", "To position"), ("", ""), ""),
        ("honours", "needs") => found(
            ("还须具备", "What it needs besides"),
            (
                "例如 employed（在职）、passed_all_parts（各部分都及格）、single（个人赛）；用逗号隔开，空着没有。",
                "Such as employed, passed_all_parts, single; with commas between them, empty: nothing.",
            ),
            "R-112",
        ),
        ("promotions", "awards") => {
            found(("获这些奖", "For these awards"), ("用逗号隔开。", "With commas between them."), "R-114")
        }
        ("promotions", "base") => found(("晋升到", "Level"), ("", ""), "R-114 – R-116"),
        ("promotions", "next_if_already") => {
            found(("已有该等级的晋升到", "For who has it already"), ("", ""), "R-116")
        }
        ("team_points", "by_position") => found(
            ("第一名起各得", "From the first position on"),
            ("用逗号隔开，例如 10, 9, 8。", "With commas between them, such as 10, 9, 8."),
            "R-124",
        ),
        ("team_points", "rest") => {
            found(("其余有名次的各得", "Everyone else who is ranked"), ("", ""), "R-124")
        }
        _ => None,
    }
}

/// What a word of a choice says, by the field. Every word has one, as a test shows.
pub(super) fn choice(clause: &str, name: &str, word: &str) -> Option<(&'static str, &'static str)> {
    let said = match (clause, name, word) {
        (_, "live_policy", "progress") => ("只有进度", "Progress only"),
        (_, "live_policy", "completed") => ("已评完的子项", "Completed sub-criteria"),
        (_, "live_policy", "running") => ("实时得分", "Running marks"),
        ("rounding", _, "per_aspect") => ("每个评分点", "Each aspect"),
        ("rounding", _, "at_total") => ("只在总分", "The total only"),
        ("compatriots", _, "") => ("可以", "They may"),
        ("compatriots", _, "yes") => ("不可以，自动回避", "They may not"),
        ("sign_off", _, "") => ("不签", "No"),
        ("sign_off", _, "marks") => ("签，看得到得分", "Yes, and they see the marks"),
        ("sign_off", _, "aspects") => {
            ("签，只看到评了哪些", "Yes, and they see what was marked, not the marks")
        }
        ("parts", _, "no_award") => ("有名次，不得奖", "Ranked, without an award"),
        ("parts", _, "no_position") => ("没有名次", "No position"),
        ("scale", _, "") => ("不换算", "No scale"),
        ("scale", _, "median_mad") => {
            ("按中位数和绝对中位差（2017 年起）", "By median and median deviation (from 2017)")
        }
        ("scale", _, "mean_sigma") => {
            ("按平均分和标准差（2015 年止）", "By mean and standard deviation (to 2015)")
        }
        (_, "better", "higher") => ("高的、多的", "more"),
        (_, "better", "lower") => ("低的、少的", "less"),
        ("ranking", _, "share") => ("并列", "They share"),
        ("ranking", _, "playoff") => ("加赛", "They compete once more"),
        ("ranking", _, "draw") => ("抽签", "A lot is drawn"),
        ("ranking", _, "chief_decides") => ("裁判长决定", "The chief judge decides"),
        ("medals", "rule", "") => ("不发奖牌", "No medals"),
        ("medals", "rule", "within_margin") => {
            ("按分差（2015、2017–2024）", "By margin (2015, 2017 to 2024)")
        }
        ("medals", "rule", "distinct_marks") => {
            ("前三个不同的成绩（2026）", "The first three distinct results (2026)")
        }
        ("medals", "positions", "equal") => ("成绩相同的", "Equal results"),
        ("medals", "positions", "within_margin") => ("按分差", "By margin"),
        ("prizes", "take", "positions") => ("第几名到第几名", "From a position to a position"),
        ("prizes", "take", "share") => ("接下来，人数的百分之几", "The next places, a share of the field"),
        ("prizes", "take", "within") => ("名次在人数的百分之几以内", "Positions within a share of the field"),
        (_, "take.rounding", "down") => ("舍去", "is dropped"),
        (_, "take.rounding", "up") => ("进一", "makes one more"),
        (_, "take.rounding", "nearest") => ("四舍五入", "is rounded, halves up"),
        ("field_gates", _, "exhibition") => ("有名次，不发奖", "Ranked, without awards"),
        ("field_gates", _, "void") => ("没有名次，也不发奖", "No positions and no awards"),
        ("field_gates", _, "keep") => ("只发部分奖项", "Only some awards"),
        ("promotions" | "level", _, level) => SkillLevel::parse(level)?.names(),
        _ => return None,
    };
    Some(said)
}
