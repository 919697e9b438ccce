#!/usr/bin/env python3
"""Writes the made-up site that the speed of generators is compared on. The same arguments give the same bytes.

    corpus.py --pages 10000 --for puzhi|hugo|zola --out DIR [--seed N]

Writes DIR/content/SECTION/PAGE.md, four sections in turn, each with `_index.md`. A page depends on the seed, its number and
the number of pages only; for each generator the text is the same, in its own front matter and its own spelling of links.

A page has a title, a date, a summary and three of sixty tags; about a thousand Han characters under headings of two levels;
a list and a numbered list; one link to another page under each main heading and two at the end. Every third page has a table,
every tenth a block of code, every fifth (by chance) a footnote. Pages 0 and PAGES/2 carry the line `MARK-0`, which edits change.

All sentences are put together by chance from stock phrases. They tell nothing about anybody and are not to be published.
"""
import argparse
import datetime
import os
import random

SECTIONS = (("policy", "看政策"), ("guides", "办事情"), ("events", "赴活动"), ("stories", "读故事"))

TAGS = (
    "专利 商标 版权 地理标志 商业秘密 植物新品种 集成电路 外观设计 实用新型 发明 "
    "申请 审查 授权 续展 转让 许可 质押 保险 评估 检索 "
    "导航 预警 布局 标准 运营 托管 代理 咨询 培训 宣讲 "
    "进校园 进企业 进社区 进乡村 进市场 开放日 知识竞赛 宣传周 展览 讲座 "
    "侵权 维权 举报 调解 仲裁 裁决 诉讼 执法 证据 赔偿 "
    "电商 展会 海外 老字号 传统工艺 农产品 中小企业 高校 青少年 数据产权"
).split()
assert len(set(TAGS)) == 60

# Stock phrases by what they stand for in a sentence.
WORDS = {
    "who": "申请人 权利人 经营者 代理师 审查员 调解员 志愿者 办事员 合作社 小微企业 行业协会 学校 街道 村委会 园区管理处 服务窗口",
    "what": "商标注册申请 专利申请文件 作品登记材料 地理标志使用申请 商业秘密保护措施 专利年费 商标续展手续 许可合同备案 质押登记 "
            "检索报告 权利要求书 外观设计图片 品种权说明书 投诉材料 证据清单 授权证明 变更登记 优先审查请求 调解申请 公开承诺",
    "act": "准备 提交 核对 登记 公示 备案 受理 审查 补正 归档 讲解 检查 回访 通知 更新 说明",
    "why": "少跑一趟 少花一笔钱 缩短等待时间 看得懂结果 保住自己的牌子 避免无意侵权 让消费者放心 便于以后查证 帮助产品打开销路 让好点子变成产品",
    "when": "提交材料的当天 三个工作日内 十五日之内 每个季度末 公告期满以后 产品上市之前 合同签订之前 有效期届满之前 收到通知之后 活动开始之前",
    "where": "办事大厅 网上平台 服务站 学校礼堂 农贸市场 文化广场 产业园区 图书馆 社区活动室 村民会议室",
    "paper": "身份证明 营业执照 申请书 委托书 商标图样 产品照片 购买凭证 合同副本 检测报告 公证文书 权属证明 现场记录",
    "how": "一次 逐项 当面 书面 提前 按期 免费 公开 耐心 如实",
}
WORDS = {key: words.split() for key, words in WORDS.items()}

SENTENCES = (
    "{who}需要{act}{what}，{when}完成，为的是{why}。",
    "办理{what}的时候，请带上{paper}和{paper2}，由{who}{how}{act}。",
    "{when}，{who}会同{who2}{how}检查{what}，重点看大家反映最多的地方。",
    "{where}设有咨询台，可以{how}{act}{what}，全程不收费用，也不需要预约。",
    "如果别人没有得到许可就使用{what}，可以带着{paper}向{who}反映，{when}会有答复。",
    "材料不齐全的，{who}应当{how}告知还缺什么，{what}可以在{when}补上。",
    "这一步最容易出错的是{what}：写得太宽，{who}会要求改；写得太窄，又达不到{why}的目的。",
    "在{where}的活动上，{who}用身边的例子说明{what}，现场有{n}个问题当场得到回答。",
    "**{what}**并不是一劳永逸，{when}应当{how}{act}，否则权利可能失效。",
    "*{what}*与{what2}保护的东西不一样，选哪一种要看产品的特点，也要看{why}是不是最要紧的事。",
    "从{where}到{where2}，{who}一年里{how}{act}{what}共{n}件，比上一年多了{m}.{d}%。",
    "情况复杂的，可以延长办理时间，但是要{how}说明理由，并且告诉{who}下一步在哪里查进度。",
    "想要{why}，先弄清{what}由谁负责，再看{paper}上写的日期是不是还在有效期内。",
)
TITLES = ("{what}怎么{act}", "{where}里的{what}", "{who}说{what}", "{what}：{when}要做的事", "为了{why}，{how}{act}{what}", "{who}与{what}二三事")
HEADS = (
    "谁能办 在哪里办 要带什么 怎么一步一步办 要等多久 收不收费 常见的问题 依据是什么 容易出错的地方 办完以后 一个例子 "
    "有什么好处 谁来负责 怎样监督 下一步 事先想清楚 名词解释 时间安排 怎样参加 哪里能问"
).split()
SUBHEADS = "网上办 当面办 材料清单 退回以后 结果怎么拿 可以减免吗 要留的证据 要记的日子 小提示 分工 风险 补充说明".split()
STEPS = ("{who}{how}{act}{what}", "{when}到{where}{act}{paper}", "等{who}{act}，{how}领取结果")

CODE = (
    ("json", '{{\n  "name": "{what}",\n  "class": {n},\n  "papers": ["{paper}", "{paper2}"],\n  "paid": false,\n  "note": null\n}}'),
    ("python", 'def days_left(today: int, end: int = {n}) -> int:\n    """{what}还剩几天"""\n    return max(end - today, 0)\n\n\nfor day in range(0, {n}, 7):\n    print(day, days_left(day))'),
    ("bash", '#!/bin/sh\n# {what}\nset -eu\nfor n in $(seq 1 {n}); do\n  printf "%s %s\\n" "$n" "{paper}" >> list.txt\ndone'),
    ("html", '<form action="/apply" method="post">\n  <label>{what} <input name="what" required></label>\n  <input name="class" type="number" value="{n}">\n  <button>提交</button>\n</form>'),
    ("toml", '[notice]\ntitle = "{what}"\nclass = {n}\npapers = ["{paper}", "{paper2}"]\nfree = true'),
)

FIRST_DAY = datetime.date(2018, 7, 1)
DAYS = 2900


def address(number):
    """Section and name of a page."""
    return SECTIONS[number % 4][0], "a%06d" % (number // 4)


class Page:
    """A page as data: head and blocks of Markdown, in which links stand as {0}, {1} … beside `self.links`."""

    def __init__(self, seed, number, pages):
        self.number, self.pages = number, pages
        self.random = random.Random("%d/%d/%d" % (seed, number, pages))
        self.section, self.name = address(number)
        self.date = FIRST_DAY + datetime.timedelta(days=number * 6151 % DAYS)
        self.tags = self.random.sample(TAGS, 3)
        self.title = "%s（%d）" % (self.phrase(self.random.choice(TITLES)), number + 1)
        self.summary = self.sentence().replace("*", "")
        self.links = []
        self.blocks = list(self.write())

    def phrase(self, pattern):
        choose = self.random.choice
        words = {key: choose(list_) for key, list_ in WORDS.items()}
        words.update({key + "2": choose(WORDS[key]) for key in ("who", "what", "where", "paper")})
        return pattern.format(n=self.random.randint(2, 400), m=self.random.randint(1, 60), d=self.random.randint(0, 9), **words)

    def sentence(self):
        return self.phrase(self.random.choice(SENTENCES))

    def paragraph(self):
        return self.sentence() + self.sentence()

    def link(self):
        self.links.append(self.random.randrange(self.pages))
        return "[%s](\0%d\0)" % (self.random.choice(WORDS["what"]), len(self.links) - 1)

    def write(self):
        chance, long = self.random, self.random.randint(880, 1210)
        heads, subheads = chance.sample(HEADS, len(HEADS)), chance.sample(SUBHEADS, len(SUBHEADS))
        footnote = chance.random() < 0.2
        written, part = 0, 0
        if self.number in (0, self.pages // 2):
            yield "MARK-0"
        yield self.paragraph()
        while written < long or part < 2:
            blocks = ["## " + heads[part % len(heads)]]
            blocks.append(self.paragraph() + "更多内容见" + self.link() + "。" + ("[^1]" if footnote and part == 0 else ""))
            if part == 0:
                blocks.append("\n".join("- %s：%s" % (chance.choice(WORDS["paper"]), self.phrase("{who}{act}，{when}")) for _ in range(chance.randint(3, 5))))
            if part == 1:
                blocks.append("\n".join("%d. %s" % (n + 1, self.phrase(step)) for n, step in enumerate(STEPS)))
            if part == 1 and self.number % 3 == 0:
                rows = ["| 事项 | 谁来办 | 什么时候 | 份数 |", "| --- | --- | :---: | ---: |"]
                rows += [self.phrase("| {what} | {who} | {when} | {n} |") for _ in range(chance.randint(3, 6))]
                blocks.append("\n".join(rows))
            if part == 1 and self.number % 10 == 0:
                language, code = CODE[self.number // 10 % len(CODE)]
                blocks.append("```%s\n%s\n```" % (language, self.phrase(code)))
            if chance.random() < 0.6:
                blocks += ["### " + subheads[part % len(subheads)], self.paragraph()]
            if footnote and part == 0:
                blocks.append("[^1]: " + self.phrase("{what}的说明由{who}{act}。"))
            written += sum(map(len, blocks))
            part += 1
            yield from blocks
        yield "还可以看：%s，%s。" % (self.link(), self.link())

    def text(self, generator):
        body = "\n\n".join(self.blocks)
        parts = body.split("\0")
        parts[1::2] = [self.href(self.links[int(n)], generator) for n in parts[1::2]]
        return self.head(generator) + "".join(parts) + "\n"

    def head(self, generator):
        tags = "[%s]" % ", ".join(self.tags)
        tags = {"zola": "taxonomies:\n  tags: %s" % tags}.get(generator, "tags: %s" % tags)
        summary = "summary" if generator == "puzhi" else "description"
        return '---\ntitle: "%s"\ndate: %s\n%s: "%s"\n%s\n---\n\n' % (self.title, self.date.isoformat(), summary, self.summary, tags)

    def href(self, number, generator):
        section, name = address(number)
        if generator == "zola":
            return "@/%s/%s.md" % (section, name)
        if generator == "hugo":
            return "/%s/%s.md" % (section, name)
        return "%s.md" % name if section == self.section else "../%s/%s.md" % (section, name)


def save(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return len(text.encode())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, required=True)
    parser.add_argument("--for", dest="generator", choices=("puzhi", "hugo", "zola"), required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    content = os.path.join(args.out, "content")
    more = "sort_by: date\npaginate_by: 20\n" if args.generator == "zola" else ""
    for folder, title in SECTIONS:
        os.makedirs(os.path.join(content, folder), exist_ok=True)
        save(os.path.join(content, folder, "_index.md"), "---\ntitle: %s\n%s---\n" % (title, more))
    save(os.path.join(content, "_index.md"), "---\ntitle: 首页\n---\n")
    size, characters = 0, []
    for number in range(args.pages):
        page = Page(args.seed, number, args.pages)
        text = page.text(args.generator)
        characters.append(sum("\u4e00" <= c <= "\u9fff" for block in page.blocks for c in block))
        size += save(os.path.join(content, page.section, page.name + ".md"), text)
    characters.sort()
    print("%s: %d pages, %d bytes, median %d Han characters and %d bytes a page" % (
        args.generator, args.pages, size, characters[len(characters) // 2] if characters else 0, size // max(args.pages, 1)))


if __name__ == "__main__":
    main()
