using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Ledger;
using SynthStudio.Privacy.Noise;
using SynthStudio.Synthesis.Marginals;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Private;
using SynthStudio.Synthesis.Tests.Marginals;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Private;

/// <summary>The frame around every private training: what it lets in, and what it lets out.</summary>
[TestClass]
public sealed class PrivateTrainingTests
{
    private static readonly PrivacyTerms Terms = new() { Epsilon = 1, Delta = 1e-6 };

    [TestMethod]
    public void Terms_with_a_method_that_cannot_keep_them_are_refused()
    {
        var refusal = Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Get("cart").Fit(
            TestTables.Shop(100), new FitRequest { Privacy = Terms }, new Observer(), CancellationToken.None));

        Assert.AreEqual(SynthesisError.Unsupported, refusal.Error);
    }

    [TestMethod]
    public void A_part_is_learned_alone_and_the_parts_are_the_table()
    {
        var table = PrivateShop.Rows(2_000);
        var parts = Partition.ByValues(
            "region",
            [
                KeyValuePair.Create("cold", (IReadOnlyList<string>)["north"]),
                KeyValuePair.Create("warm", (IReadOnlyList<string>)["south", "east"]),
            ]).Parts;
        var terms = Terms with { Epsilon = 50, Rows = 600, Part = parts[0] };
        using var model = PrivateShop.Train(new MstSynthesizer(() => new SecureBits()), table, terms: terms);
        var drawn = Methods.Draw(model, 1_000);

        Assert.IsLessThan(43, ((NumericColumn)drawn["age"]).Values.Average(), "In the north nobody is older than 42.");
        Assert.IsGreaterThan(950, ((CodedColumn)drawn["region"]).Codes.Count(c => c != CodedColumn.Missing && ((CodedColumn)drawn["region"]).Values[c] == "north"));
        Assert.Contains("'cold'", string.Join(' ', model.Privacy.Declared));
        Assert.AreEqual(table.RowCount, parts.Sum(p => PartRows.Enforce(table, p).RowCount));
        Assert.AreEqual(table.RowCount, Partition.ByHash("id", 5).Parts.Sum(p => PartRows.Enforce(table, p).RowCount), "Every row is in one part.");
    }

    [TestMethod]
    public void A_sample_of_a_larger_table_is_refused()
    {
        var refusal = Assert.ThrowsExactly<SynthesisException>(() => Synthesizers.Get("mst").Fit(
            TestTables.Shop(100), new FitRequest { Privacy = Terms, AllRows = new Larger() }, new Observer(), CancellationToken.None));

        Assert.AreEqual(SynthesisError.Unsupported, refusal.Error);
    }

    [TestMethod]
    [DataRow("declared")]
    [DataRow("bought")]
    public void Durations_are_learned_between_their_bounds(string bounds)
    {
        var file = Path.Combine(Path.GetTempPath(), $"stays-{Guid.NewGuid():N}.csv");
        File.WriteAllText(file, "stay,paid\n" + string.Concat(Enumerable.Range(0, 4_000).Select(i => $"{i % 40}:{i % 60:00}:00,{(i % 3 == 0 ? "yes" : "no")}\n")));
        var declared = bounds == "declared" ? """, "min": "0:00:00", "max": "P1DT6H" """ : "";
        var table = TableReader.Read(file, schema: SchemaFile.Parse(
            $$"""{"rows": 4000, "columns": {"paid": {"kind": "boolean", "values": ["yes", "no"]}, "stay": {"kind": "duration", "format": "[h]:mm:ss"{{declared}} } } }"""));
        File.Delete(file);
        var request = new FitRequest { Privacy = Terms with { Epsilon = 4 }, Options = new Dictionary<string, string> { ["bounds"] = bounds } };

        using var model = Synthesizers.Get("mst").Fit(table, request, new Observer(), CancellationToken.None);
        var drawn = ((NumericColumn)Methods.Draw(model, 2_000)["stay"]).Values.Where(v => !double.IsNaN(v)).ToArray();

        Assert.IsLessThanOrEqualTo(bounds == "declared" ? 30 * 3_600 : 1 << 18, drawn.Max(), "30 hours, or the power of two above 40");
        Assert.AreEqual(table.Values("stay").Average(v => bounds == "declared" ? Math.Min(v, 30 * 3_600) : v), drawn.Average(), 3_600 * 2);
    }

    [TestMethod]
    public void Durations_without_bounds_are_refused()
    {
        var schema = new TableSchema
        {
            Columns = [new ColumnSchema { Name = "stay", Kind = ColumnKind.Duration }],
            Domains = new Dictionary<string, ColumnDomain> { ["stay"] = new() { Kind = ColumnKind.Duration } },
        };

        var refusal = Assert.ThrowsExactly<SynthesisException>(() => DeclaredDomains.Demand(schema));

        Assert.AreEqual((SynthesisError.DomainNotDeclared, "stay"), (refusal.Error, refusal.Subject));
    }

    [TestMethod]
    [DataRow("mst")]
    [DataRow("tree")]
    public void Ordered_categories_need_no_other_declaration(string method)
    {
        var file = Path.Combine(Path.GetTempPath(), $"sizes-{Guid.NewGuid():N}.csv");
        File.WriteAllText(file, "size,paid\n" + string.Concat(Enumerable.Range(0, 2_000).Select(i => $"{(i % 10 < 7 ? "low" : i % 10 < 9 ? "mid" : "high")},{(i % 3 == 0 ? "yes" : "no")}\n")));
        var table = TableReader.Read(file, schema: SchemaFile.Parse("""
            {"rows": 2000, "columns": {"size": {"kind": "categorical", "order": ["low", "mid", "high"]}, "paid": {"kind": "boolean", "values": ["yes", "no"]}}}
            """));
        File.Delete(file);

        using var model = Synthesizers.Get(method).Fit(table, new FitRequest { Privacy = Terms with { Epsilon = 4 } }, new Observer(), CancellationToken.None);
        var drawn = ((NumericColumn)Methods.Draw(model, 1_000)["size"]).Values.Where(v => !double.IsNaN(v)).ToArray();

        CollectionAssert.IsSubsetOf(drawn.Distinct().ToArray(), new[] { 0.0, 1.0, 2.0 });
        Assert.AreEqual(0.7, drawn.Count(v => v == 0) / (double)drawn.Length, 0.15);
    }

    [TestMethod]
    public void A_model_that_spent_more_than_the_terms_allow_never_leaves()
    {
        Assert.AreEqual(SynthesisError.PrivacyBudgetExceeded, Assert.ThrowsExactly<SynthesisException>(() => Train(new GaussianEvent(1), claimed: 0.5)).Error);
        Assert.AreEqual(SynthesisError.PrivacyBudgetExceeded, Assert.ThrowsExactly<SynthesisException>(() => Train(new GaussianEvent(100), claimed: 2)).Error);
        using var kept = Train(new GaussianEvent(10), claimed: 0.5);
        Assert.IsTrue(kept.Privacy.Guaranteed);
    }

    [TestMethod]
    public void Spending_is_told_before_and_refused_beyond_the_budget()
    {
        var observer = new SpendingObserver();
        var spending = new PrivacySpending(Terms, observer);
        spending.Spend(new DiscreteGaussianEvent(10));
        spending.Spend(new DiscreteGaussianEvent(8));

        Assert.AreEqual(
            SynthesisError.PrivacyBudgetExceeded,
            Assert.ThrowsExactly<SynthesisException>(() => spending.Spend(new DiscreteGaussianEvent(4))).Error);

        Assert.HasCount(2, observer.Totals);
        Assert.AreEqual(spending.Epsilon, PrivacySpending.Price(new ComposedEvent([new DiscreteGaussianEvent(10), new DiscreteGaussianEvent(8)]), 1e-6), 1e-9);
        Assert.HasCount(2, PrivacyEvents.Flatten(observer.Totals[^1]));
    }

    [TestMethod]
    public void No_unit_has_more_rows_than_the_bound_and_others_are_not_touched()
    {
        var people = Enumerable.Range(0, 300).Select(row => row < 200 ? "many" : row % 50 == 0 ? null : $"p{row}").ToArray();
        var table = People(people);
        var terms = Terms with { UnitColumn = "person", MaxRowsPerUnit = 5 };

        var bounded = ContributionBound.Enforce(table, terms, new SecureBits());
        var again = ContributionBound.Enforce(table, terms, new SecureBits());

        Assert.AreEqual(5, bounded.Texts("person").Count(p => p == "many"));
        CollectionAssert.AreEqual(people.Where(p => p is not (null or "many")).ToArray(), bounded.Texts("person").Where(p => p != "many").ToArray());
        CollectionAssert.AreNotEqual(Numbers(bounded), Numbers(again), "which rows stay must be chance");

        static double[] Numbers(Table t) => [.. t.Values("row").Where((_, i) => t.Texts("person")[i] == "many")];
    }

    [TestMethod]
    public void Every_column_that_was_not_declared_is_named()
    {
        var schema = TestTables.Shop(100).Schema;

        var refusal = Assert.ThrowsExactly<SynthesisException>(() => DeclaredDomains.Demand(schema));

        Assert.AreEqual(SynthesisError.DomainNotDeclared, refusal.Error);
        foreach (var column in schema.Columns) StringAssert.Contains(refusal.Message, $"'{column.Name}'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Bounds_near_the_largest_doubles_are_refused()
    {
        ColumnDomain number = new() { Kind = ColumnKind.Decimal, Min = -1e308, Max = 1e308 };
        var schema = new TableSchema { Columns = [number.Schema("n")], Domains = new Dictionary<string, ColumnDomain> { ["n"] = number } };

        var refusal = Assert.ThrowsExactly<SynthesisException>(() => DeclaredDomains.Demand(schema));

        Assert.AreEqual((SynthesisError.DomainNotDeclared, "n"), (refusal.Error, refusal.Subject));
        Assert.Contains("within 1e+150", refusal.Message);
    }

    [TestMethod]
    public void Bounds_and_categories_may_be_bought_instead()
    {
        ColumnDomain number = new() { Kind = ColumnKind.Integer }, category = new() { Kind = ColumnKind.Categorical };
        var schema = new TableSchema
        {
            Columns = [number.Schema("n"), category.Schema("c")], Domains = new Dictionary<string, ColumnDomain> { ["n"] = number, ["c"] = category },
        };

        DeclaredDomains.Demand(schema, boundsBought: true, categoriesBought: true);
        StringAssert.Contains(
            Assert.ThrowsExactly<SynthesisException>(() => DeclaredDomains.Demand(schema, boundsBought: true)).Message,
            "'c'", StringComparison.Ordinal);
        StringAssert.Contains(
            Assert.ThrowsExactly<SynthesisException>(() => DeclaredDomains.Demand(schema, categoriesBought: true)).Message,
            "'n'", StringComparison.Ordinal);
    }

    private static ITabularModel Train(PrivacyEvent spent, double claimed) => PrivateTraining.Fit(
        new Pretender(new PrivacyStatement { Guaranteed = true, Epsilon = claimed, Delta = 1e-6, Event = spent }),
        People(["a", "b"]), new FitRequest { Privacy = Terms }, new Observer(), CancellationToken.None);

    private static Table People(string?[] people)
    {
        ColumnSchema person = new() { Name = "person", Kind = ColumnKind.Identifier }, row = new() { Name = "row", Kind = ColumnKind.Integer };
        var names = people.OfType<string>().Distinct().ToArray();
        return new Table(new TableSchema { Columns = [person, row] }, [
            new CodedColumn(person, [.. people.Select(p => p is null ? CodedColumn.Missing : Array.IndexOf(names, p))], names),
            new NumericColumn(row, [.. Enumerable.Range(0, people.Length).Select(i => (double)i)]),
        ]);
    }

    private sealed class SpendingObserver : ITrainingObserver
    {
        public List<PrivacyEvent> Totals { get; } = [];

        public TrainingWish Wish => TrainingWish.Continue;

        public void Report(TrainingProgress progress)
        {
        }

        public void CheckpointWritten(string file, long step)
        {
        }

        public void Spent(PrivacyEvent total, double epsilon) => Totals.Add(total);
    }

    /// <summary>A method that says of itself what the test wants.</summary>
    private sealed class Pretender(PrivacyStatement statement) : ISynthesizer, ITabularModel
    {
        public string Method => "pretender";

        public string Summary => "";

        public Capabilities Capabilities => Capabilities.DifferentialPrivacy;

        public MemoryNeed Memory => default;

        public IReadOnlyList<MethodOption> Options => [];

        public TableSchema Schema => new() { Columns = [] };

        public IReadOnlyDictionary<string, double> Metrics => new Dictionary<string, double>();

        public PrivacyStatement Privacy => statement;

        public ITabularModel Fit(Table table, FitRequest request, ITrainingObserver observer, CancellationToken cancellation) => this;

        public ITabularModel Load(ModelPackage package, Device device, int threads) => this;

        public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation) => [];

        public void Save(Stream destination, PackageFacts facts)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Larger : IRowSource
    {
        public long RowCount => 1_000_000;

        public IEnumerable<Table> Read(CancellationToken cancellation) => throw new InvalidOperationException("Nothing may be read.");
    }
}
