//! How a draw stands, in words: what comes next and by whom, and the state of each layer and skill.

use domain::finding::Language;
use protocol::draw::{Drawing, DrawingLayer, DrawnSkill};

use crate::desk::Says;
use crate::format::Reader;

/// How a draw stands, and what comes next by whom; nothing once all is done.
pub(super) fn stand(drawing: &Drawing, reader: Reader) -> (String, Option<String>) {
    let says = Says(reader.language);
    let words = |chinese: &'static str, english: &'static str| says.say(chinese, english).to_owned();
    if let Some(waits) = &drawing.throwing {
        let (who, reason) = (&waits.by, &waits.reason);
        let state = match reader.language {
            Language::Chinese => format!("{who} 要求作废这次抽签，理由：{reason}"),
            Language::English => format!("{who} asks to throw this draw away, because: {reason}"),
        };
        let next = words(
            "由另一个人（组委会或监督）确认作废。",
            "Somebody else, an organiser or a supervisor, confirms that it is thrown away.",
        );
        return (state, Some(next));
    }
    if drawing.layers.iter().any(|layer| layer.maker.is_none()) {
        let state = words(
            "已说定种子的来源，还有没承诺的层；名单从第一个承诺起就不能再改。",
            "The seed's source is named; not every layer is committed to. The list is fixed from the first commitment on.",
        );
        let next = if drawing.is_sealed {
            words(
                "每一层由一位抽签加密裁判承诺，各层须是不同的人。",
                "One registrar commits to each layer; every layer needs another person.",
            )
        } else {
            words("由抽签加密裁判或组委会承诺这一层。", "A registrar or an organiser commits to the layer.")
        };
        return (state, Some(next));
    }
    if drawing.seed.is_none() {
        let source = &drawing.source;
        let next = match reader.language {
            Language::Chinese => format!("等“{source}”出来，由抽签加密裁判或组委会照原样填入种子。"),
            Language::English => format!(
                "Once “{source}” is out, a registrar or an organiser enters the seed exactly as it was given."
            ),
        };
        return (
            words("各层都已承诺，等种子。", "Every layer is committed to; the seed is awaited."),
            Some(next),
        );
    }
    if !drawing.is_sealed {
        let state =
            words("已抽签，结果已公布，任何人都能重算。", "It is drawn and told; anybody can repeat it.");
        return (state, None);
    }
    let unsealed: Vec<&str> = drawing
        .layers
        .iter()
        .filter(|layer| is_to_seal(layer))
        .filter_map(|layer| layer.maker.as_deref())
        .collect();
    if !unsealed.is_empty() {
        let makers = unsealed.join(says.say("、", ", "));
        let next = match reader.language {
            Language::Chinese => format!("由做这一层的人先打印、再封存：{makers}。"),
            Language::English => format!("Whoever made a layer prints it, then seals it: {makers}."),
        };
        return (words("已抽签，还有没封存的层。", "It is drawn; layers are not sealed yet."), Some(next));
    }
    opening(drawing, reader)
}

/// How a draw stands whose layers are all sealed.
fn opening(drawing: &Drawing, reader: Reader) -> (String, Option<String>) {
    let says = Says(reader.language);
    let words = |chinese: &'static str, english: &'static str| says.say(chinese, english).to_owned();
    if drawing.layers.iter().all(|layer| layer.open_in == drawing.skills.len()) {
        let state = words(
            "各层都已解密；成绩发布后，任何人都能重算。",
            "Every layer is open; once results are released anybody can repeat the draw.",
        );
        return (state, None);
    }
    let state = words(
        "各层都已封存；评分只用最里层的编码。",
        "Every layer is sealed; marking knows the innermost codes alone.",
    );
    if let Some(waits) = &drawing.opening {
        let (who, number) = (&waits.by, waits.layer);
        let next = match reader.language {
            Language::Chinese => {
                format!("{who} 已开始解密第 {number} 层；由见证人（监督）输入另一张封条上的密语。")
            }
            Language::English => format!(
                "{who} has begun to open layer {number}; a witness of the supervision enters the words of another slip."
            ),
        };
        return (state, Some(next));
    }
    let next = if let Some(number) = to_open(drawing).first() {
        match reader.language {
            Language::Chinese => {
                format!("由抽签加密裁判输入封条上的密语，打开第 {number} 层；再由监督见证。")
            }
            Language::English => format!(
                "A registrar opens layer {number} with the words of a slip; then a supervisor is the witness."
            ),
        }
    } else {
        words(
            "等评分结束、所有评分表锁定，才能解密；各赛项还差什么，见下表。",
            "Codes are opened once marking is closed and every sheet is locked; the table says what each skill lacks.",
        )
    };
    (state, Some(next))
}

/// Whether a layer is drawn, and neither sealed nor opened since.
pub(super) fn is_to_seal(layer: &DrawingLayer) -> bool {
    !layer.is_sealed && layer.open_in == 0
}

/// The layers of a sealed draw that can be opened now in some skill, the innermost first: skills end at
/// different times, and one that is over does not wait for another.
pub(super) fn to_open(drawing: &Drawing) -> Vec<u32> {
    let ready = drawing.skills.iter().filter(|skill| drawing.is_sealed && skill.is_ready);
    let mut layers: Vec<u32> = ready.filter_map(|skill| skill.next).collect();
    layers.sort_unstable_by(|one, other| other.cmp(one));
    layers.dedup();
    layers
}

pub(super) fn layer_state(drawing: &Drawing, layer: &DrawingLayer, reader: Reader) -> String {
    let says = Says(reader.language);
    let (open, of) = (layer.open_in, drawing.skills.len());
    let words = if layer.maker.is_none() {
        says.say("等人承诺", "waits for somebody")
    } else if drawing.seed.is_none() {
        says.say("已承诺", "committed")
    } else if !drawing.is_sealed {
        says.say("已抽签、已公布", "drawn and told")
    } else if open > 0 {
        return match reader.language {
            Language::Chinese => format!("已在 {open}/{of} 个赛项解密"),
            Language::English => format!("open in {open} of {of} skills"),
        };
    } else if layer.is_sealed {
        says.say("已封存，凭封条打开", "sealed under its slips")
    } else {
        says.say("已抽签，还没封存", "drawn, not sealed yet")
    };
    words.to_owned()
}

/// How a skill stands, which says why its codes cannot be opened where they cannot.
pub(super) fn skill_state(drawing: &Drawing, skill: &DrawnSkill, reader: Reader) -> String {
    let says = Says(reader.language);
    let chinese = reader.language == Language::Chinese;
    let words = if drawing.seed.is_none() {
        says.say("还没有抽签", "not drawn yet")
    } else if !drawing.is_sealed {
        if skill.is_open {
            says.say("已抽签，已开放评分", "drawn, open for marking")
        } else {
            says.say("已抽签，可以开放评分", "drawn; marking can be opened")
        }
    } else if skill.is_ready {
        match skill.next {
            Some(next) if chinese => return format!("可以打开第 {next} 层"),
            Some(next) => return format!("layer {next} can be opened"),
            None => says.say("各层都已解密", "every layer is open"),
        }
    } else if !skill.is_open {
        says.say("已抽签，还没有开放评分", "drawn; marking is not open yet")
    } else if skill.unlocked > 0 {
        return match (reader.language, skill.unlocked) {
            (Language::Chinese, count) => format!("还不能解密：{count} 张评分表没有锁定"),
            (Language::English, 1) => "cannot be opened yet: 1 sheet is not locked".to_owned(),
            (Language::English, count) => format!("cannot be opened yet: {count} sheets are not locked"),
        };
    } else if skill.next.is_none() {
        says.say("各层都已解密", "every layer is open")
    } else {
        says.say("还不能解密：评分没有结束", "cannot be opened yet: marking is not closed")
    };
    words.to_owned()
}
