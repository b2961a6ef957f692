// Why an entry of this tablet's does not count, by its code: those that a judge can meet, in Chinese and in
// English. The rules' own words; where the rules name somebody, and the judge who reads it is that one, the
// judge is addressed. What follows the sign is JSON, which a test compares with the rules.
window.refusals =
{
  "competitor_out": ["该选手已缺席、退赛或被取消资格；此分数已保留，待裁判长决定。", "This competitor is absent, withdrawn or disqualified; the mark is kept for the chief judge to decide."],
  "sheet_locked": ["评分表已锁定；此分数已保留，需两人确认后才计入。", "The sheet is locked; the mark is kept and counts once two people admit it."],
  "closed": ["该赛项已结束评分；此分数已保留，需两人确认后才计入。", "Marking of this skill is over; the mark is kept and counts once two people admit it."],
  "other_value_there": ["这一格已有别的值；两个值都保留，请选择其一。", "Another value stands in this cell; both are kept, choose one."],
  "not_allowed": ["您的角色不能做这件事；请找裁判长或组委会。", "Your role may not do this; ask the chief judge or the organiser."],
  "not_open": ["该赛项尚未开赛；请等待组委会开赛。", "This skill is not open yet; wait for the organiser to open it."],
  "sheet_changed": ["评分表在您查看后有变动；请重新核对后再签。", "The sheet changed after you saw it; look again before signing."],
  "already_so": ["已经是这个状态，无需重复。", "That is so already; nothing to do."],
  "conflicts_open": ["这张评分表上还有值等裁判长决定，决定后再签。", "A value on this sheet waits for the chief judge; sign it after that."],
  "not_on_panel": ["您不在此子项的评分组里。", "You are not on this sub-criterion's panel."],
  "panel_full": ["此评分点的裁判已经打满；若要更换，请找裁判长。", "Enough judges have scored this aspect; ask the chief judge to replace one."],
  "sheet_incomplete": ["这张评分表还有没评完的项。", "Something on this sheet is not marked yet."],
  "round_closed": ["这一轮打分已经结束。", "That round of scoring is over."],
  "round_not_open": ["下一轮打分还没有开始。", "The next round of scoring has not begun."],
  "seat_does_not_count": ["您的席位不计分，测量值请由计分的裁判录入。", "Your seat does not count, so a counting judge enters the measurement."],
  "judge_left": ["您已离席；此分数已保留，需两人确认后才计入。", "You have left this seat; the mark is kept and counts once two people admit it."],
  "seat_has_scored": ["这个席位在本轮的分数已由别的裁判给出，仍然有效。", "Another judge has given this seat's score of the round, and it stands."],
  "sat_elsewhere": ["您在这一轮已经有一个分数；这个席位请裁判长另派人。", "You have a score in this round already; ask the chief judge to give this seat to somebody else."],
  "compatriot": ["这名选手与您来自同一处，由别人代评。", "This competitor comes from the same place as you; somebody else marks them."]
};
