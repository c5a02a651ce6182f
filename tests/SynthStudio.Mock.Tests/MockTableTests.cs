using SynthStudio.Tabular;

namespace SynthStudio.Mock.Tests;

[TestClass]
public sealed class MockTableTests
{
    private const string Shop = """
        {"columns": {
            "id": {"type": "sequence", "start": 100, "step": 10},
            "plan": {"type": "category", "values": {"basic": 6, "plus": 3, "pro": 1}},
            "price": {"type": "lognormal", "mean": 3, "deviation": 0.5, "decimals": 2, "max": 200},
            "quantity": {"type": "poisson", "mean": 2.5},
            "weight": {"type": "normal", "mean": 70, "deviation": 12, "decimals": 1, "missing": 0.2},
            "height": {"type": "normal", "mean": 170, "deviation": 9, "decimals": 0},
            "wait": {"type": "exponential", "mean": 4},
            "share": {"type": "uniform", "min": -1, "max": 3},
            "dice": {"type": "integer", "min": 1, "max": 6},
            "member": {"type": "boolean", "probability": 0.3, "yes": "ja", "no": "nein"},
            "born": {"type": "date", "min": "1950-01-01", "max": "2000-12-31", "format": "dd.MM.yyyy"},
            "ordered": {"type": "datetime", "min": "2024-01-01", "max": "2024-12-31T23:59:59"},
            "delivered": {"type": "expression", "expression": "ordered + days(quantity)"},
            "total": {"type": "expression", "expression": "price * quantity", "decimals": 2},
            "tier": {"type": "expression", "expression": "if(total > 100, 'gold', lower(plan))"}},
         "correlations": [{"columns": ["weight", "height"], "value": 0.8}, {"columns": ["height", "plan"], "value": 0.5}]}
        """;

    private static readonly Table Rows = Join(MockTable.Parse(Shop).Make(20_000, 1).ToList());

    [TestMethod]
    public void Distributions_have_their_moments()
    {
        Close(Math.Exp(3 + (0.5 * 0.5 / 2)), Numbers("price").Average(), 0.03);
        Close(2.5, Numbers("quantity").Average(), 0.03);
        Close(2.5, Variance(Numbers("quantity")), 0.06);
        Close(70, Present("weight").Average(), 0.01);
        Close(144, Variance(Present("weight")), 0.05);
        Close(4, Numbers("wait").Average(), 0.05);
        Close(16, Variance(Numbers("wait")), 0.1);
        Close(1, Numbers("share").Average(), 0.05);
        Assert.AreEqual(3.5, Numbers("dice").Average(), 0.06);
        Assert.AreEqual(0.2, Numbers("weight").Average(v => double.IsNaN(v) ? 1 : 0), 0.02);
        Assert.AreEqual(0.6, Texts("plan").Average(p => p == "basic" ? 1 : 0), 0.02);
        Assert.AreEqual(0.3, Texts("member").Average(p => p == "ja" ? 1 : 0), 0.02);
    }

    [TestMethod]
    public void Ranges_steps_and_decimals_are_kept()
    {
        Assert.IsTrue(Numbers("price").All(p => p <= 200 && Math.Abs((p * 100) - Math.Round(p * 100)) < 1e-6));
        Assert.IsTrue(Numbers("dice").All(d => d is >= 1 and <= 6 && d == Math.Floor(d)));
        Assert.IsTrue(Numbers("share").All(s => s is > -1 and < 3));
        Assert.IsTrue(Numbers("born").All(b => b % 86400 == 0 && b is >= -631152000 and <= 978220800));
        for (var i = 0; i < Rows.RowCount; i++)
        {
            Assert.AreEqual(100 + (10 * i), Numbers("id")[i]);
        }
    }

    [TestMethod]
    public void Formulas_hold_in_every_row()
    {
        var (plan, tier) = (Texts("plan"), Texts("tier"));
        for (var i = 0; i < Rows.RowCount; i++)
        {
            Assert.AreEqual(Numbers("price")[i] * Numbers("quantity")[i], Numbers("total")[i], 0.0051);
            Assert.AreEqual(Numbers("ordered")[i] + (86400 * Numbers("quantity")[i]), Numbers("delivered")[i]);
            Assert.AreEqual(Numbers("total")[i] > 100 ? "gold" : plan[i], tier[i]);
        }
    }

    [TestMethod]
    public void Columns_are_correlated_as_declared_and_others_are_not()
    {
        Assert.AreEqual(0.8, Correlation(Numbers("weight"), Numbers("height")), 0.03);
        Assert.AreEqual(0, Correlation(Numbers("price"), Numbers("height")), 0.03);
        var plan = Texts("plan");
        var tall = Enumerable.Range(0, Rows.RowCount).Where(i => Numbers("height")[i] > 180).Average(i => plan[i] == "pro" ? 1.0 : 0);
        Assert.IsGreaterThan(0.2, tall);
    }

    [TestMethod]
    public void A_seed_makes_the_same_rows_on_any_number_of_threads_and_another_makes_others()
    {
        var table = MockTable.Parse(Shop);
        var one = Csv(table.Make(20_000, 7, threads: 1));
        Assert.AreEqual(one, Csv(table.Make(20_000, 7, threads: 4)));
        Assert.AreNotEqual(one, Csv(table.Make(20_000, 8)));
        Assert.StartsWith(Csv(table.Make(300, 7)), one);
    }

    [TestMethod]
    public void A_row_is_the_same_whatever_the_blocks_and_wherever_they_begin()
    {
        var rows = new MockRows(1000) { First = 15, FirstBlock = 10, Block = 300 };

        var blocks = MockTable.Parse(Shop).Make(rows, seed: 1, threads: 2, CancellationToken.None).ToList();

        CollectionAssert.AreEqual(new[] { 10, 300, 300, 300, 90 }, blocks.ConvertAll(block => block.RowCount));
        var made = Join(blocks);
        CollectionAssert.AreEqual(Numbers("price")[15..1015], ((NumericColumn)made["price"]).Values);
        CollectionAssert.AreEqual(Numbers("total")[15..1015], ((NumericColumn)made["total"]).Values);
        CollectionAssert.AreEqual(Numbers("id")[15..1015], ((NumericColumn)made["id"]).Values);
    }

    [TestMethod]
    public void A_formula_without_decimals_makes_whole_numbers()
    {
        var table = Join(MockTable.Parse("""
            {"columns": {"n": {"type": "sequence"}, "third": {"type": "expression", "expression": "n / 3", "decimals": 0}}}
            """).Make(9, seed: 1).ToList());

        Assert.AreEqual(ColumnKind.Integer, table.Schema.Columns[1].Kind);
        CollectionAssert.AreEqual(new double[] { 0, 1, 1, 1, 2, 2, 2, 3, 3 }, ((NumericColumn)table["third"]).Values);
    }

    [TestMethod]
    public void Bounds_cut_a_distribution_and_do_not_pile_it_up()
    {
        var table = Join(MockTable.Parse("""
            {"columns": {"half": {"type": "normal", "min": 0}, "few": {"type": "poisson", "mean": 2, "min": 1, "max": 3},
                         "cents": {"type": "uniform", "min": 0.005, "max": 0.035, "decimals": 2}, "free": {"type": "normal"}}}
            """).Make(20_000, seed: 3).ToList());

        double[] half = ((NumericColumn)table["half"]).Values, few = ((NumericColumn)table["few"]).Values, cents = ((NumericColumn)table["cents"]).Values;
        Assert.IsTrue(half.All(value => value > 0));
        Assert.AreEqual(Math.Sqrt(2 / Math.PI), half.Average(), 0.02, "the mean of half a normal distribution");
        CollectionAssert.AreEquivalent(new[] { 1.0, 2, 3 }, few.Distinct().ToArray());
        Assert.AreEqual(3.0 / (3 + 3 + 2), few.Count(value => value == 1) / 20_000.0, 0.015);
        CollectionAssert.AreEquivalent(new[] { 0.01, 0.02, 0.03 }, cents.Distinct().ToArray());
        Assert.IsLessThan(-3, ((NumericColumn)table["free"]).Values.Min());
    }

    [TestMethod]
    public void What_is_written_reads_back_with_the_declared_kinds()
    {
        var path = Path.GetTempFileName();
        try
        {
            TableWriter.Write(Rows, path);
            var back = TableReader.Read(path);
            CollectionAssert.AreEqual(Numbers("born"), ((NumericColumn)back["born"]).Values);
            Assert.AreEqual(ColumnKind.Boolean, back["member"].Schema.Kind);
            Assert.AreEqual(ColumnKind.DateTime, back["delivered"].Schema.Kind);
            Assert.AreEqual("0.00", back["price"].Schema.Format);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    [DataRow("{", "line 1")]
    [DataRow("{}", "'columns'")]
    [DataRow("""{"columns": {"a": {"type": "gauss"}}}""", "'gauss'")]
    [DataRow("""{"columns": {"a": {"type": "normal", "sd": 1}}}""", "'sd'")]
    [DataRow("""{"columns": {"a": {"type": "normal", "deviation": -1}}}""", "'deviation'")]
    [DataRow("""{"columns": {"a": {"type": "normal", "mean": 1, "mean": 2}}}""", "'mean' is there twice")]
    [DataRow("""{"columns": {"a": {"type": "category", "values": {"x": 1, "y": 1, "x": 3}}}}""", "'x' is there twice")]
    [DataRow("""{"columns": {"a": {"type": "uniform", "min": -1e308, "max": 1e308}}}""", "'min'")]
    [DataRow("""{"columns": {"a": {"type": "integer", "min": 5, "max": 1}}}""", "'min'")]
    [DataRow("""{"columns": {"a": {"type": "normal", "min": 50, "max": 60}}}""", "next to none")]
    [DataRow("""{"columns": {"a": {"type": "uniform", "min": 0.001, "max": 0.004, "decimals": 2}}}""", "so many decimals")]
    [DataRow("""{"columns": {"a": {"type": "date", "min": "2024-13-01", "max": "2025-01-01"}}}""", "2024-13-01")]
    [DataRow("""{"columns": {"a": {"type": "date", "min": "2024-01-01", "max": "2025-01-01", "format": "QQ"}}}""", "QQ")]
    [DataRow("""{"columns": {"a": {"type": "category", "values": {"x": 0}}}}""", "weight")]
    [DataRow("""{"columns": {"a": {"type": "regex", "pattern": "[a-"}}}""", "class")]
    [DataRow("""{"columns": {"a": {"type": "email", "locale": "xx"}}}""", "'xx'")]
    [DataRow("""{"columns": {"a": {"type": "expression", "expression": "b +"}}}""", "position 4")]
    [DataRow("""{"columns": {"a": {"type": "expression", "expression": "b"}}}""", "'b'")]
    [DataRow("""{"columns": {"a": {"type": "expression", "expression": "b"}, "b": {"type": "expression", "expression": "a"}}}""", "circle")]
    [DataRow("""{"columns": {"a": {"type": "normal"}}, "correlations": [{"columns": ["a", "z"], "value": 0.5}]}""", "'z'")]
    [DataRow("""{"columns": {"a": {"type": "normal"}, "b": {"type": "normal"}, "c": {"type": "normal"}}, "correlations": [{"columns": ["a", "b"], "value": 0.9}, {"columns": ["b", "c"], "value": 0.9}, {"columns": ["a", "c"], "value": -0.9}]}""", "contradict")]
    public void A_mistake_is_named(string json, string why) =>
        StringAssert.Contains(Assert.ThrowsExactly<MockSchemaException>(() => MockTable.Parse(json)).Message, why);

    private static double[] Numbers(string column) => ((NumericColumn)Rows[column]).Values;

    private static double[] Present(string column) => [.. Numbers(column).Where(v => !double.IsNaN(v))];

    private static string?[] Texts(string column) => [.. Enumerable.Range(0, Rows.RowCount).Select(((CodedColumn)Rows[column]).Text)];

    private static void Close(double expected, double actual, double share) => Assert.AreEqual(expected, actual, share * expected);

    private static double Variance(double[] values) => values.Average(v => v * v) - Math.Pow(values.Average(), 2);

    private static double Correlation(double[] x, double[] y)
    {
        var both = Enumerable.Range(0, x.Length).Where(i => !double.IsNaN(x[i]) && !double.IsNaN(y[i])).ToArray();
        double[] a = [.. both.Select(i => x[i])], b = [.. both.Select(i => y[i])];
        return (a.Zip(b, (p, q) => p * q).Average() - (a.Average() * b.Average())) / Math.Sqrt(Variance(a) * Variance(b));
    }

    private static string Csv(IEnumerable<Table> blocks)
    {
        using var stream = new MemoryStream();
        TableWriter? writer = null;
        foreach (var block in blocks)
        {
            writer ??= new TableWriter(stream, block.Schema);
            writer.Write(block);
        }

        writer!.Dispose();
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static Table Join(List<Table> blocks) => new(blocks[0].Schema, [.. blocks[0].Columns.Select((first, c) => first is NumericColumn
        ? (Column)new NumericColumn(first.Schema, [.. blocks.SelectMany(b => ((NumericColumn)b.Columns[c]).Values)])
        : TextsOf(first.Schema, [.. blocks.SelectMany(b => Enumerable.Range(0, b.RowCount).Select(((CodedColumn)b.Columns[c]).Text))]))]);

    private static CodedColumn TextsOf(ColumnSchema schema, string?[] texts)
    {
        var values = texts.OfType<string>().Distinct().ToArray();
        var codes = values.Index().ToDictionary(v => v.Item, v => v.Index);
        return new CodedColumn(schema, Array.ConvertAll(texts, t => t is null ? CodedColumn.Missing : codes[t]), values);
    }
}
