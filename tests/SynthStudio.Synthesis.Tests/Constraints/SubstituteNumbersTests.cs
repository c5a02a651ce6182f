using SynthStudio.Synthesis.Constraints;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Rows that take the place of others in a balanced sample have numbers that no row before them has.</summary>
[TestClass]
public sealed class SubstituteNumbersTests
{
    private const int Chunk = 200;

    [TestMethod]
    [DataRow(1_000L, 1_000L)]
    [DataRow(long.MaxValue / 2, long.MaxValue / 2)]
    [DataRow(long.MaxValue - 1, long.MaxValue / 2)]
    [DataRow(long.MaxValue, long.MaxValue / 2)]
    public void Numbers_go_on_and_do_not_wrap_round_however_many_rows_are_asked_for(long rows, long first)
    {
        var shares = new Dictionary<string, IReadOnlyDictionary<string, double>> { ["sex"] = new Dictionary<string, double> { ["f"] = 1 } };
        var request = new SampleRequest { Rows = rows, Rebalance = shares, ChunkRows = Chunk, FirstChunkRows = Chunk };
        using var model = new HalfBroken();
        var plan = ConstraintPlan.Checking(model.Schema with { Constraints = [new RangeConstraint("few visits", "visits", null, "3")] });
        var balanced = new BalancedRows(model, plan, request, new RowSelection(rows, [.. plan.Checks()], []));

        var drawn = balanced.Of([HalfBroken.Draw(Chunk)], CancellationToken.None).Single();

        Assert.IsTrue(drawn.Values("visits").All(visits => visits <= 3));
        CollectionAssert.AreEqual(new[] { first, first + 64, first + 64 + 128 }, model.Asked.ConvertAll(asked => asked.FirstRow));
        Assert.IsTrue(model.Asked.TrueForAll(asked => asked.FirstRow <= long.MaxValue - asked.Rows));
    }

    /// <summary>Every second row that it draws breaks the rule.</summary>
    private sealed class HalfBroken : ITabularModel
    {
        public List<SampleRequest> Asked { get; } = [];

        public string Method => "half broken";

        public TableSchema Schema => Draw(1).Schema;

        public IReadOnlyDictionary<string, double> Metrics => new Dictionary<string, double>();

        public static Table Draw(int rows) => TestTables.Make(
            TestTables.Coded("sex", ColumnKind.Categorical, Enumerable.Repeat("f", rows)),
            TestTables.Numbers("visits", ColumnKind.Integer, Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? 0.0 : 7.0)));

        public IEnumerable<Table> Sample(SampleRequest request, CancellationToken cancellation)
        {
            Asked.Add(request);
            return [Draw((int)request.Rows)];
        }

        public void Save(Stream destination, PackageFacts facts) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
