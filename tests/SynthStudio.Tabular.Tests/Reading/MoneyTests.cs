namespace SynthStudio.Tabular.Tests.Reading;

/// <summary>
/// Amounts with their currency, percentages, groups and decimal commas, undeclared: read as numbers by the
/// evidence of every value, written as they were.
/// </summary>
[TestClass]
public sealed class MoneyTests : FileTest
{
    [TestMethod]
    [DataRow("$1,234.50|$0.05|-$7.00", "$#,##0.00", "1234.5|0.05|-7")]
    [DataRow("1.234,50 €|12,00 €|-3,10 €", "#.##0,00 €", "1234.5|12|-3.1")]
    [DataRow("USD 12|USD 7|USD 12345", "USD 0", "12|7|12345")]
    [DataRow("CHF 1'200.5|CHF 3.25", "CHF #'##0.0#", "1200.5|3.25")]
    [DataRow("1 234 567 kr|999 kr", "# ##0 kr", "1234567|999")]
    [DataRow("€ 1.234|€ 999|€ 12.000", "€ #.##0", "1234|999|12000")]
    [DataRow("£1,234|£999", "£#,##0", "1234|999")]
    [DataRow("£1234.5|£999", "£0.#", "1234.5|999")]
    [DataRow("$3.459|$12.5", "$0.0##", "3.459|12.5")]
    [DataRow("US$5.00|US$1234.00", "US$0.00", "5|1234")]
    [DataRow("$5.00|($12.50)", "$0.00;($0.00)", "5|-12.5")]
    [DataRow("$-5|$12", "$0;$-0", "-5|12")]
    [DataRow("12.5%|7%|-0.25%", "0.##%", "12.5|7|-0.25")]
    [DataRow("95 %|7 %|100 %", "0 %", "95|7|100")]
    [DataRow("12,5|3,75|100", "0,##", "12.5|3.75|100")]
    [DataRow("1,234.50|0.05|-1,007.00", "#,##0.00", "1234.5|0.05|-1007")]
    [DataRow("1,234|999|12,000", "#,##0", "1234|999|12000")]
    [DataRow("1.234,50|12,00|-3,10", "#.##0,00", "1234.5|12|-3.1")]
    [DataRow("1 234,5|7,25", "# ##0,0#", "1234.5|7.25")]
    [DataRow("(1,234)|2,345|12,345", "#,##0;(#,##0)", "-1234|2345|12345")]
    public void Amounts_are_numbers_and_come_back_as_they_were(string texts, string pattern, string values)
    {
        var cells = texts.Split('|');
        var lines = Enumerable.Range(0, 60).Select(i => $"\"{cells[i % cells.Length]}\"").Prepend("v").Append("").ToList();
        var table = Read(string.Join('\n', lines));

        var column = (NumericColumn)table.Columns[0];
        Assert.AreEqual(pattern, column.Schema.Format);
        CollectionAssert.AreEqual(
            values.Split('|').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture)).ToArray(),
            column.Values[..cells.Length]);

        using var written = new MemoryStream();
        using (var writer = new TableWriter(written, table.Schema)) writer.Write(table);
        var back = System.Text.Encoding.UTF8.GetString(written.ToArray()).Split('\n');
        CollectionAssert.AreEqual(cells, back[1..(cells.Length + 1)].Select(cell => cell.Trim('"')).ToArray());

        var profile = Profiler.Profile(PathOf("table.csv"));
        Assert.AreEqual((column.Schema.Kind, pattern), (profile.Columns[0].Kind, profile.Columns[0].Format));
        Assert.AreEqual(column.Values.Min(), profile.Columns[0].Numbers!.Minimum);
        var schema = SchemaFile.Parse(SchemaFile.From(table.Schema).ToJson());
        CollectionAssert.AreEqual(column.Values, ((NumericColumn)Read(string.Join('\n', lines), schema).Columns[0]).Values, "The schema file says the same.");
    }

    [TestMethod]
    [DataRow("$5|€5", DisplayName = "two currencies")]
    [DataRow("$5|5", DisplayName = "a plain number")]
    [DataRow("$5|free", DisplayName = "a word")]
    [DataRow("$1,234|$1234", DisplayName = "groups now and then")]
    [DataRow("$5.00|5.00 $", DisplayName = "before and behind")]
    [DataRow("$1,23,456|$5", DisplayName = "groups of two")]
    [DataRow("$007|$5", DisplayName = "zeros in front")]
    [DataRow("-$5|($5)", DisplayName = "two signs")]
    [DataRow("5 kg|7 kg", DisplayName = "no currency")]
    [DataRow("$3.459|$3.299|$2.989", DisplayName = "thousands or fractions")]
    [DataRow("1,234|2,345", DisplayName = "thousands or fractions, without a currency")]
    [DataRow("12,5|12.5", DisplayName = "two points")]
    [DataRow("1 234|5 678", DisplayName = "codes in groups")]
    [DataRow("EUR4|EUR5|EUR6", DisplayName = "classes")]
    [DataRow("SEK-10001|SEK-10002", DisplayName = "numbers of invoices")]
    [DataRow("COP 9007199254740993|COP 5", DisplayName = "more digits than are exact")]
    public void What_is_not_written_in_one_way_stays_text(string texts)
    {
        var cells = texts.Split('|');
        Assert.AreEqual(ColumnKind.Categorical, Read(string.Join(
            '\n', Enumerable.Range(0, 60).Select(i => $"\"{cells[i % cells.Length]}\"").Prepend("v").Append(""))).Columns[0].Schema.Kind);
    }

    [TestMethod]
    public void Keys_with_a_currency_before_them_are_keys() => Assert.AreEqual(
        ColumnKind.Identifier, Read(string.Join('\n', Enumerable.Range(0, 200).Select(i => $"SEK {10_001 + (i * 37)}").Prepend("invoice_id").Append(""))).Columns[0].Schema.Kind);

    [TestMethod]
    [DataRow("1.234 €", 1234.0)]
    [DataRow("1.234,50 €", 1234.5)]
    [DataRow("12 345,5 €", 12345.5)]
    [DataRow("1234,5 €", 1234.5)]
    [DataRow("-1.234 €", -1234.0)]
    [DataRow("12,505 €", null)]
    [DataRow("$12", null)]
    [DataRow("12,5", null)]
    public void Another_table_is_read_by_the_same_point_however_it_is_grouped_and_what_does_not_fit_is_invalid(string text, double? value)
    {
        var schema = Read("v\n\"12,50 €\"\n\"7,00 €\"\n\"3,25 €\"\n").Schema;
        Assert.AreEqual("0,00 €", schema.Columns[0].Format);
        var path = Save($"v\n\"{text}\"\n");
        if (value is { } number) Assert.AreEqual(number, ((NumericColumn)TableReader.ReadAs(path, schema)["v"]).Values[0]);
        else Assert.ThrowsExactly<TableException>(() => TableReader.ReadAs(path, schema));
    }

    [TestMethod]
    public void Once_texts_can_only_be_plain_numbers_no_more_are_looked_at()
    {
        var evidence = new MoneyEvidence();
        evidence.Add("12.5"u8, 1);
        Assert.IsTrue(evidence.Possible, "1,234.50 may follow");
        evidence.Add("1234.5"u8, 1);
        Assert.IsFalse(evidence.Possible);
        Assert.IsNull(evidence.Format);
    }

    [TestMethod]
    public void Odd_words_are_counted_in_whatever_order_they_come_as_long_as_few_differ_and_the_amounts_are_written_in_one_way()
    {
        Assert.AreEqual("$#,##0 but for 6", Usual("tbd", "$1,200", "free", "$999", "n/a?"));
        Assert.AreEqual("$#,##0 but for 6", Usual("$999", "$1,200", "n/a?", "free", "tbd"));
        Assert.IsNull(Usual("$5", "$6"), "no odd word");
        Assert.IsNull(Usual("free", "tbd"), "no amount");
        Assert.IsNull(Usual("free", "$5", "€5"), "two currencies");
        Assert.AreEqual("$0 but for 400", Usual(["$5", .. Enumerable.Range(0, 200).Select(i => $"word {i}")]));
        Assert.IsNull(Usual(["$5", .. Enumerable.Range(0, 201).Select(i => $"word {i}")]), "more different words than slips would be");

        static string? Usual(params string[] texts)
        {
            var evidence = new MoneyEvidence();
            foreach (var text in texts) evidence.Add(System.Text.Encoding.UTF8.GetBytes(text), 2);
            return evidence.Usual is { } usual ? $"{usual.Format.Pattern} but for {usual.OddRows}" : null;
        }
    }

    [TestMethod]
    public void A_single_plain_number_is_one_however_the_column_is_written()
    {
        var column = Read("v\n\"1.234,50\"\n\"12,00\"\n").Schema.Columns[0];
        Assert.IsTrue(CellText.TryReadNumber(column, "1.234", out var plain));
        Assert.IsTrue(CellText.TryReadNumber(column, "1.234,5", out var spelled));
        Assert.AreEqual((1.234, 1234.5), (plain, spelled));
        Assert.IsFalse(CellText.TryReadNumber(column, "1,2,3", out _));
    }

    [TestMethod]
    public void Missing_amounts_are_missing_and_another_table_is_read_by_the_same_format()
    {
        var schema = Read("v,w\n\"1.234,50 €\",1\n,2\n?,3\n\"12,00 €\",4\n").Schema;
        Assert.IsTrue(schema.Columns[0].Nullable);
        var other = TableReader.ReadAs(Save("v,w\n1.234 €,1\n5.5,2\n"), schema);
        CollectionAssert.AreEqual(new[] { 1234, 5.5 }, ((NumericColumn)other["v"]).Values, "A plain number is one in any format.");
    }
}
