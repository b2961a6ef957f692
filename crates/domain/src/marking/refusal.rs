//! Why a command is not accepted, as stable codes with a sentence for the person who sent it.

use crate::finding::{Language, Spoken};
use crate::findings;
use crate::number::Mark;
use crate::scoring::measurement::ValueRefusal;

/// Why a command is not accepted: by the rules of marking, or by the aspect's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The rules of marking.
    Marking(Refusal),
    /// What the aspect can take.
    Value(ValueRefusal),
}

impl Why {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Marking(refusal) => refusal.code(),
            Self::Value(refusal) => refusal.code(),
        }
    }

    /// What is wrong, to stand inside another sentence.
    #[must_use]
    pub fn spoken(&self) -> Spoken {
        match self {
            Self::Marking(refusal) => refusal.spoken(),
            Self::Value(refusal) => refusal.spoken(),
        }
    }

    /// What is wrong and what to do.
    #[must_use]
    pub fn say(&self, language: Language) -> String {
        match self {
            Self::Marking(refusal) => refusal.say(language),
            Self::Value(refusal) => refusal.say(language),
        }
    }
}

impl From<Refusal> for Why {
    fn from(refusal: Refusal) -> Self {
        Self::Marking(refusal)
    }
}

impl From<ValueRefusal> for Why {
    fn from(refusal: ValueRefusal) -> Self {
        Self::Value(refusal)
    }
}

findings! {
    /// Why a command is not accepted.
    pub enum Refusal {
        NotOpen = Error "not_open",
            "该赛项尚未开赛；请等待组委会开赛。",
            "This skill is not open yet; wait for the organiser to open it.";
        AlreadyOpen = Error "already_open",
            "该赛项已经开赛，不能再次开赛。",
            "This skill is open already and cannot be opened again.";
        OpeningUnsound { problem: Spoken } = Error "opening_unsound",
            "不能开赛：{problem:#}。",
            "It cannot be opened: {problem}.";
        NotAllowed = Error "not_allowed",
            "您的角色不能做这件事；请找裁判长或组委会。",
            "Your role may not do this; ask the chief judge or the organiser.";
        SecondNeeded = Error "second_needed",
            "这件事需要第二个人共同确认，且不能是同一人。",
            "This needs a second person, another than you.";
        ReasonNeeded = Error "reason_needed",
            "请写明理由。",
            "Give the reason.";
        UnknownCompetitor { code: String } = Error "unknown_competitor",
            "本赛项没有编号为“{code}”的选手；请核对编号。",
            "This skill has no competitor \"{code}\"; check the code.";
        UnknownAspect { id: String } = Error "unknown_aspect",
            "评分标准里没有评分点“{id}”。",
            "The scheme has no aspect \"{id}\".";
        UnknownSubCriterion { id: String } = Error "unknown_sub_criterion",
            "评分标准里没有子项“{id}”。",
            "The scheme has no sub-criterion \"{id}\".";
        NotOnPanel { judge: String } = Error "not_on_panel",
            "裁判“{judge}”不在此子项的评分组里。",
            "Judge \"{judge}\" is not on the panel of this sub-criterion.";
        SeatDoesNotCount { judge: String } = Error "seat_does_not_count",
            "裁判“{judge}”的席位不计分，不能替评分组录入测量值；请由计分的裁判录入。",
            "The seat of judge \"{judge}\" does not count, so the panel's one value is not theirs to give; let a counting judge enter it.";
        JudgeLeft { judge: String } = Error "judge_left",
            "裁判“{judge}”已离席；此分数已保留，需两人确认后才计入。",
            "Judge \"{judge}\" has left this seat; the mark is kept and counts once two people admit it.";
        SeatHasScored { judge: String } = Error "seat_has_scored",
            "这个席位在本轮的分数已由裁判“{judge}”给出，仍然有效；接任的裁判不能改。",
            "Judge \"{judge}\" has given this seat's score of the round, and it stands; who came after cannot change it.";
        Compatriot { judge: String } = Error "compatriot",
            "裁判“{judge}”与这名选手来自同一处或有利害关系，不评这名选手；请裁判长为这名选手安排代评的裁判。",
            "Judge \"{judge}\" comes from the same place as this competitor or has an interest in them, and does not mark them; ask the chief judge to let somebody stand in for this competitor.";
        PanelTooSmall { judges: usize, needed: usize } = Error "panel_too_small",
            "席位空着的话只剩 {judges} 名计分裁判，规则要求至少 {needed} 名；请安排接任的裁判。",
            "With the seat empty {judges} counting judges are left and the rules need {needed}; name who takes the seat.";
        SatElsewhere { judge: String } = Error "sat_elsewhere",
            "裁判“{judge}”坐过这个评分组的另一个席位，不能再接这一个；请换一位，或回到原来的席位。",
            "Judge \"{judge}\" has held another seat of this panel and cannot take this one; name somebody else, or let them return to their own.";
        ResultsOut = Error "results_out",
            "成绩已经发布，不能再换裁判。",
            "The results are out; no seat changes hands any more.";
        PanelFull { judges: u32 } = Error "panel_full",
            "此评分点已有 {judges} 位裁判打分；若要更换，请先由裁判长处理。",
            "{judges} judges have scored this aspect already; ask the chief judge to replace one.";
        RoundClosed { current: u32 } = Error "round_closed",
            "该轮打分已结束，现在是第 {current} 轮。",
            "That round is over; this is round {current}.";
        RoundNotOpen { current: u32 } = Error "round_not_open",
            "现在是第 {current} 轮；这一轮完成并需要重新打分后才会开始下一轮。",
            "This is round {current}; the next begins when it is complete and a re-score is due.";
        CompetitorOut = Error "competitor_out",
            "该选手已缺席、退赛或被取消资格；此分数已保留，待裁判长决定。",
            "This competitor is absent, withdrawn or disqualified; the mark is kept for the chief judge to decide.";
        SheetLocked = Error "sheet_locked",
            "评分表已锁定；此分数已保留，需两人确认后才计入。",
            "The sheet is locked; the mark is kept and counts once two people admit it.";
        Closed = Error "closed",
            "该赛项已结束评分；此分数已保留，需两人确认后才计入。",
            "Marking of this skill is over; the mark is kept and counts once two people admit it.";
        OtherValueThere = Error "other_value_there",
            "这一格已有别的值；两个值都保留，请选择其一。",
            "Another value stands in this cell; both are kept, choose one.";
        NothingPending = Error "nothing_pending",
            "所选的两条记录不是这一格的现值和待决值；请刷新后再选。",
            "These are not the present and the pending value of one cell; reload and choose again.";
        PenaltyNotPositive { marks: Mark } = Error "penalty_not_positive",
            "扣分 {marks} 须大于 0。",
            "A penalty of {marks}; it must be above 0.";
        SameCompetitor = Error "same_competitor",
            "请选择两名不同的选手。",
            "Choose two different competitors.";
        NoSuchDecision = Error "no_such_decision",
            "没有这条可撤销的决定，或它已被撤销。",
            "There is no such decision to undo, or it is undone already.";
        AlreadySo = Error "already_so",
            "已经是这个状态，无需重复。",
            "That is so already; nothing to do.";
        SheetIncomplete { missing: usize } = Error "sheet_incomplete",
            "评分表还有 {missing} 个评分点没有结果；请先补齐。",
            "The sheet lacks {missing} results; complete it first.";
        SheetChanged = Error "sheet_changed",
            "评分表在您查看后有变动；请重新核对后再签。",
            "The sheet changed after you saw it; look again before signing.";
        ConflictsOpen { count: usize } = Error "conflicts_open",
            "还有 {count} 处待决的冲突；解决后才能锁定。",
            "{count} conflicts are open; settle them before locking.";
        SignaturesMissing { judges: String } = Error "signatures_missing",
            "还缺这些裁判的签名：{judges}。",
            "These judges have not signed: {judges}.";
        CompetitorUnsigned = Error "competitor_unsigned",
            "规则要求选手签字，这张表选手还没有签；请选手签字，或由裁判长代签。",
            "The rules ask for the competitor's signature and it is not there; let them sign, or sign for them as chief judge.";
        NotAskedFor = Error "not_asked_for",
            "本赛项的规则不要求选手在评分表上签字。",
            "The rules of this skill ask for no competitor's signature.";
        NotLocked = Error "not_locked",
            "评分表没有锁定，无需解锁。",
            "The sheet is not locked.";
        RoundIncomplete = Error "round_incomplete",
            "这一轮还没有打完；打完后才能要求重新打分。",
            "This round is not complete; a re-score can be asked for after it.";
        NotJudged = Error "not_judged",
            "测量项没有打分轮次；请直接更正。",
            "A measurement has no rounds; correct its value instead.";
        OrderUnsound = Error "order_unsound",
            "名次顺序须列出两名以上不同的选手。",
            "The order must list two or more different competitors.";
        NothingOverridden = Error "nothing_overridden",
            "请写明要改的奖项或名次，以及依据的文件。",
            "Say which award or position is given, and by which document.";
        MarkingStillOpen = Error "marking_still_open",
            "评分尚未结束；请先结束评分再发布。",
            "Marking is still open; close it before releasing.";
        AppealOutOfOrder = Error "appeal_out_of_order",
            "申诉的步骤不对：先提出，再受理或不予受理，受理后才裁决。",
            "The steps of an appeal go in order: filed, then admitted or rejected, then decided.";
        LayerUnsound = Error "layer_unsound",
            "编码层不对：编码有 1 到 3 层，公开抽签只有 1 层；种子来源写一行，最多 200 个字。",
            "The layer is unsound: there are 1 to 3 layers and a public draw has one; where the seed comes from is one line of 200 characters at the most.";
        LayersDiffer = Error "layers_differ",
            "这一层与已建立的层不一致：名单、层数、是否密封和种子来源都要相同。",
            "The layer does not go with those made already: list, number of layers, whether they are sealed and the seed's source are the same for all.";
        SameMaker = Error "same_maker",
            "这个人已经做了另一层编码；每一层须由不同的人做。",
            "This person made another layer already; each layer is made by a different person.";
        DrawnAlready = Error "drawn_already",
            "已经抽签；要重来，先作废这次抽签。",
            "The draw is made already; to do it again, throw this one away first.";
        LayersMissing { layers: String } = Error "layers_missing",
            "这些编码层还没有人承诺：{layers}；都承诺之后才能录入种子。",
            "Nobody has committed to these layers yet: {layers}; the seed comes after all of them.";
        CodesUnsound = Error "codes_unsound",
            "抽出的编码不对：每层的编码须与名单一样多、按顺序、不重复；种子写一行，最多 200 个字。",
            "The codes are unsound: each layer has as many as the list, sorted and none twice; the seed is one line of 200 characters at the most.";
        NothingDrawn = Error "nothing_drawn",
            "还没有抽签。",
            "There was no draw yet.";
        DrawUnfinished = Error "draw_unfinished",
            "抽签已经开始，还没有抽完；请先抽完，或作废这次抽签。",
            "A draw was begun and is not made yet; make it, or throw it away, first.";
        EntrantsNotDrawn = Error "entrants_not_drawn",
            "选手的编号不是抽签得到的编号；名单在抽签后有变动，请作废这次抽签后重抽。",
            "The competitors' codes are not those that were drawn; the list changed after the draw: throw it away and draw again.";
        LayerMarks { judge: String } = Error "layer_marks",
            "“{judge}”做了一层编码，不能评分；请换一名裁判。",
            "\"{judge}\" made a layer of codes and does not mark; put another judge there.";
        LayerOutOfOrder { layer: u32 } = Error "layer_out_of_order",
            "解密由里到外：现在该解第 {layer} 层。",
            "Layers are opened from the innermost outwards: layer {layer} is next.";
        SheetsUnlocked { sheets: usize } = Error "sheets_unlocked",
            "还有 {sheets} 张评分表没有锁定；全部锁定后才能解密。",
            "{sheets} sheets are not locked; the codes are opened after all of them.";
        SecretWrong = Error "secret_wrong",
            "打不开这一层：密值与抽签前的承诺不符。",
            "This does not open the layer: it is not what was committed to before the draw.";
        StageBackwards = Error "stage_backwards",
            "发布状态不能倒退。",
            "A release cannot go back to an earlier stage.";
    }
}

impl Refusal {
    /// Why a mark waits for a decision, by the code of its entry; none for a code that
    /// lets nothing wait.
    #[must_use]
    pub fn of_waiting(code: &str) -> Option<Self> {
        let left = Self::JudgeLeft { judge: String::new() };
        let all = [Self::OtherValueThere, Self::SheetLocked, Self::Closed, Self::CompetitorOut, left];
        all.into_iter().find(|refusal| refusal.code() == code)
    }
}
