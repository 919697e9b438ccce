"""Makes entry.xlsx: the entry sheet as a clerk would fill it in. Needs openpyxl; run in this folder."""

from datetime import datetime

from openpyxl import Workbook

book = Workbook()
sheet = book.active
sheet.title = "录入"
sheet.append(["serial", "heard", "topics:patent", "topics:mark", "topics:right", "patent", "rate", "age", "years"])
sheet.append([1, 1, 1, True, 0, "2", 4.0, " 2 ", 34])
sheet.append([2, 3, None, None, None, None, None, "old", "０"])
sheet.append([None])
sheet.append(["3", 1, 1, 0, 0, 1, 4, 1, 9])
more = book.create_sheet("说明")
more["B7"] = "不要读这一张"
book.properties.created = book.properties.modified = datetime(2026, 11, 22)
book.save("entry.xlsx")
