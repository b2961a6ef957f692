// Words in Chinese and in English that a judge can meet only once signed in, and that the app therefore loads then.
// What follows the sign is JSON, which tests read.
//
// refusals: why an entry of this tablet's does not count, by its code; the rules' own words, but where the rules
// name somebody, and the judge who reads it is that one, the judge is addressed. questions: why something is done,
// with the answers of most people; about says what comes of it. notices: what is told once.
window.words =
{
  "refusals": {
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
  },
  "questions": {
    "correction": {
      "heading": ["改正：为什么改？", "A correction: why?"],
      "answers": [
        ["输错了", "Typed wrong"],
        ["看错了工件或评分点", "Looked at the wrong piece or aspect"],
        ["重新测量", "Measured again"],
        ["商议后更改", "After discussion"]
      ],
      "own": ["以此理由改", "Correct for this"],
      "about": ["理由和两个值都会记入账本；本组在这张表上的签字作废，需要重签。", "The reason and both values go into the ledger; signatures on this sheet are void and given again."],
      "leave": ["不改了", "Leave it as it is"]
    },
    "decline": {
      "heading": ["不签：为什么？", "Not signing: why?"],
      "answers": [
        ["表上的值与我打的不一致", "The sheet does not say what I gave"],
        ["评分没有按规则进行", "It was not marked by the rules"],
        ["我与选手有利害关系", "I have an interest in this competitor"]
      ],
      "own": ["以此理由不签", "Decline for this"],
      "about": ["理由会记入账本，裁判长会看到。您之后仍可以签字；裁判长也可以附理由代签。", "The reason goes into the ledger, and the chief judge sees it. You can still sign later; the chief judge can also sign for you, with a reason."],
      "leave": ["返回", "Back"]
    },
    "unlock": {
      "heading": ["申请解锁：为什么？", "Ask to open it again: why?"],
      "answers": [
        ["输错了", "Typed wrong"],
        ["看错了工件或评分点", "Looked at the wrong piece or aspect"],
        ["重新测量", "Measured again"]
      ],
      "own": ["以此理由申请", "Ask for this"],
      "about": ["裁判长和第二个人同意后，只开放这一项；全组重新签字。", "If the chief judge and a second person agree, this aspect alone is opened; all sign anew."],
      "leave": ["返回", "Back"]
    }
  },
  "notices": {
    "not_entered_again": ["有的不能补录了：那一轮已结束，或评分表已不归您。请告知裁判长。", "Some cannot be entered any more: their round is over, or the sheet is not yours now. Tell the chief judge."],
    "not_exported": ["没能导出；评分仍在本机，请不要清除浏览器数据。", "Not exported; the marks are still on this device. Do not clear the browser's data."],
    "not_taken_back": ["没有撤销：这里已是别的值。", "Not taken back: something else stands there by now."],
    "notes_closed": ["备注打不开；评分不受影响。请稍后再点一次。", "Notes cannot be opened; marks are not affected. Tap again later."],
    "other_forms": ["裁判长调整了评分组，您的评分表有增减；录入过的都在。", "The chief judge changed the panels: you have other sheets now. Nothing that you entered is lost."],
    "other_judge": ["这台设备已改由另一位裁判登录，但本机存不下；请换一台设备，并告知裁判长。", "This device is another judge's by now, and cannot store that: take another device, and tell the chief judge."],
    "sheet_changed": ["这张表刚有改动：请再看一遍，然后签字。", "This sheet has just changed: look at it again, then sign."],
    "still_signed_in": ["服务器没有答复，可能还没有退出；可以先锁定。", "The server did not answer, so you may still be signed in; you can lock the screen."],
    "unlock_asked": ["已申请解锁，等裁判长。", "You asked to open it; the chief judge decides."],
    "unlock_denied": ["裁判长没有同意解锁：", "The chief judge did not agree to open "]
  }
};
