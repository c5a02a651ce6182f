using SynthStudio.Synthesis.Encoding;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Randomness;
using SynthStudio.Synthesis.Tests.Marginals;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Encoding;

/// <summary>Fresh keys are none of anybody's: of no row that was learned, held back, left out, beyond a sample, or learned by an earlier model.</summary>
[TestClass]
public sealed class FreshKeyTests
{
    private const int Rows = 400;

    [TestMethod]
    [DataRow("independent")]
    [DataRow("cart")]
    [DataRow("ctgan")]
    [DataRow("autoregressive")]
    [DataRow("bootstrap")]
    public void Keys_of_rows_that_are_held_back_do_not_come_out(string method)
    {
        // What is learned begins with 1 to 8: the only keys that begin with 9 are those of people held back.
        var (learned, heldBack) = (Dense(100, 800), Dense(900, 100));
        using var model = Fit(method, Keyed(learned), new FitRequest { WholeTable = Keyed([.. learned, .. heldBack]) });
        AreFresh(Drawn(model), [.. learned, .. heldBack]);
    }

    [TestMethod]
    public void Keys_beyond_the_sample_of_a_large_table_do_not_come_out()
    {
        var all = Dense(100, 900);
        var table = Keyed(all);
        var sample = table.Take([.. Enumerable.Range(0, all.Length).Where(row => all[row][0] < '5')]);
        foreach (var method in new[] { "autoregressive", "independent" })
        {
            using var model = Fit(method, Fresh(sample), new FitRequest { AllRows = new Chunks(table) });
            AreFresh(Drawn(model), all);
        }
    }

    [TestMethod]
    public void Keys_of_rows_that_break_a_rule_do_not_come_out()
    {
        var all = Dense(100, 900);
        var table = TestTables.Make(
            TestTables.Coded("id", ColumnKind.Identifier, all),
            TestTables.Numbers("x", ColumnKind.Integer, all.Select(key => key[0] >= '7' ? 50.0 : key[2] - '0')));
        table = new Table(table.Schema with { Constraints = [new RangeConstraint("small", "x", null, "9")] }, table.Columns);
        using var model = Fit("independent", table, new FitRequest());
        AreFresh(Drawn(model), all);
    }

    [TestMethod]
    public void Keys_of_the_rows_that_a_model_learns_on_from_do_not_come_out_nor_those_it_learned_before()
    {
        string[] before = Dense(1_000, Rows), next = Dense(1_400, 8_600, step: 3);
        using var first = Fit("autoregressive", Keyed(before), new FitRequest());
        using var file = AutoregressiveTests.Save(first);
        using var warm = Fit("autoregressive", Keyed(next), new FitRequest { WarmStart = ModelPackage.Open(file) });
        AreFresh(Drawn(warm), [.. before, .. next]);
        Assert.IsNotEmpty(Drawn(first).Intersect(next), "Or nothing is tested.");
    }

    [TestMethod]
    public void Under_privacy_terms_keys_depend_on_nothing_of_the_data()
    {
        var table = PrivateShop.Rows(600);
        var columns = table.Columns.Select(column => column.Name == "id"
            ? new CodedColumn(column.Schema, [.. Enumerable.Range(0, 600)], [.. Dense(0, 600)]) : column).ToArray();
        using var one = Private(table);
        using var other = Private(new Table(table.Schema, columns));
        CollectionAssert.AreEqual(Methods.Draw(one, 200).Texts("id"), Methods.Draw(other, 200).Texts("id"));

        static ITabularModel Private(Table rows) => Synthesizers.Get("mst").Fit(
            rows, new FitRequest { Privacy = new() { Epsilon = 1, Delta = 1e-6 }, WholeTable = rows }, new Observer(), CancellationToken.None);
    }

    [TestMethod]
    public void A_prefix_is_the_shortest_that_no_key_has_and_found_among_more_than_can_be_watched()
    {
        string[] digits = [.. Enumerable.Repeat(PositionAlphabets.Digits, 8)];
        Assert.AreEqual("9", Find(digits, "", Dense(1, 8).Select(i => $"{i}0000000")));
        Assert.AreEqual("49", Find(digits, "4", Dense(40, 9).Select(i => $"{i}000000")));
        Assert.AreEqual("99999", Find(digits, "", Enumerable.Range(0, 999_990).Select(i => $"{i:000000}00")));
        Assert.IsTrue(Find(digits, "", Enumerable.Range(0, 1_000_000).Select(i => $"{i:000000}00")) is { Length: 7 } unmet && unmet[6] != '0');
        Assert.AreEqual("", Find(["ab", "x", "cd"], "", ["axc", "axd", "bxc", "bxd"]));
        Assert.AreEqual("bxc", Find(["ab", "x", "cd"], "b", ["axc", "bxd", "b"]));

        static string Find(string[] alphabets, string within, IEnumerable<string> keys)
        {
            var search = new FreshPrefixSearch(alphabets, within);
            foreach (var key in keys) search.Add(key);
            return search.Find();
        }
    }

    private static string[] Dense(int first, int count, int step = 1) => [.. Enumerable.Range(0, count / step).Select(i => $"{first + (i * step)}")];

    private static Table Keyed(string[] keys) => TestTables.Make(
        TestTables.Coded("id", ColumnKind.Identifier, keys), TestTables.Coded("c", ColumnKind.Categorical, keys.Select((_, i) => i % 3 == 0 ? "a" : "b")));

    /// <summary>The same rows, whose columns know no texts that they do not have.</summary>
    private static Table Fresh(Table table) => TestTables.Make([.. table.Columns.Select(c => TestTables.Coded(c.Name, c.Schema.Kind, table.Texts(c.Name)))]);

    private static ITabularModel Fit(string method, Table table, FitRequest request) => Synthesizers.Get(method).Fit(
        table,
        request with { Seed = 1, Threads = 2, Device = Device.Cpu, Options = Options(method, request) },
        new Observer(),
        CancellationToken.None);

    private static Dictionary<string, string> Options(string method, FitRequest request) => method switch
    {
        "autoregressive" when request.WarmStart is not null => new() { ["steps"] = "10", ["batch_size"] = "128" },
        "autoregressive" => AutoregressiveTests.Small(10),
        "ctgan" => new() { ["epochs"] = "1" },
        _ => [],
    };

    private static string[] Drawn(ITabularModel model) => [.. Methods.Draw(model, 5_000).Texts("id").OfType<string>()];

    private static void AreFresh(string[] drawn, string[] known)
    {
        Assert.HasCount(5_000, drawn.Distinct());
        Assert.IsEmpty(drawn.Intersect(known), $"{string.Join(' ', drawn.Intersect(known).Take(5))} are somebody's.");
    }

    private sealed class Chunks(Table table) : IRowSource
    {
        public long RowCount => table.RowCount;

        public IEnumerable<Table> Read(CancellationToken cancellation) =>
            Enumerable.Range(0, table.RowCount).Chunk(150).Select(rows => Fresh(table.Take(rows)));
    }
}
