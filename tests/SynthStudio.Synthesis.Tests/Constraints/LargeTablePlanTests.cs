using SynthStudio.Synthesis.Constraints;
using SynthStudio.Synthesis.Packages;
using SynthStudio.Synthesis.Points;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Tables of which a sample is held: what is found in it counts where it holds in all rows.</summary>
[TestClass]
public sealed class LargeTablePlanTests
{
    private const int Rows = 1_000, Sampled = 400;

    private static readonly Table Deliveries = Make();

    [TestMethod]
    public void What_holds_in_all_rows_is_learned_as_if_the_sample_were_the_table()
    {
        var (expected, learned) = ConstraintPlan.For(SampleOf(Deliveries), null, CancellationToken.None);
        var (plan, rows) = ConstraintPlan.For(SampleOf(Deliveries), new Chunked(Deliveries), CancellationToken.None);
        CollectionAssert.AreEqual(new[] { typeof(DuplicateColumn), typeof(PointColumn), typeof(DifferenceColumn) }, FormsOf(plan));
        CollectionAssert.AreEqual(expected!.ToJson(), plan!.ToJson());
        Assert.AreEqual(TestTables.Text([learned]), TestTables.Text([rows]));
    }

    [TestMethod]
    public void A_column_that_repeats_another_in_the_sample_only_is_learned_by_itself()
    {
        var plan = PlanWith("paid", (row, paid) => row == Rows - 1 ? paid + 1 : paid);
        CollectionAssert.AreEqual(new[] { typeof(PointColumn), typeof(DifferenceColumn) }, FormsOf(plan));
    }

    [TestMethod]
    public void A_moment_that_lies_before_the_other_somewhere_does_not_follow_it()
    {
        var plan = PlanWith("end", (row, end) => row == Rows - 1 ? end - 86_400 : end);
        CollectionAssert.AreEqual(new[] { typeof(DuplicateColumn), typeof(PointColumn) }, FormsOf(plan));
    }

    [TestMethod]
    public void A_moment_follows_none_that_is_missing_somewhere()
    {
        var plan = PlanWith("start", (row, start) => row == Rows - 1 ? double.NaN : start);
        CollectionAssert.AreEqual(new[] { typeof(DuplicateColumn), typeof(PointColumn) }, FormsOf(plan));
    }

    [TestMethod]
    public void A_moment_whose_distance_varies_as_the_moments_do_does_not_follow_closely()
    {
        var plan = PlanWith("end", (row, end) => row < Sampled ? end : end + (3_600 * (row * 389 % Rows)));
        CollectionAssert.AreEqual(new[] { typeof(DuplicateColumn), typeof(PointColumn) }, FormsOf(plan));
    }

    [TestMethod]
    public void Degrees_beyond_the_earth_are_no_points_and_neither_are_halves()
    {
        var beyond = PlanWith("lat", (row, lat) => row == Rows - 1 ? 95 : lat);
        CollectionAssert.AreEqual(new[] { typeof(DuplicateColumn), typeof(DifferenceColumn) }, FormsOf(beyond));
        var halves = PlanWith("lat", (row, lat) => row >= Rows - 2 ? double.NaN : lat);
        CollectionAssert.AreEqual(new[] { typeof(DuplicateColumn), typeof(DifferenceColumn) }, FormsOf(halves));
    }

    [TestMethod]
    public void Rules_that_most_rows_break_are_refused_though_the_sample_keeps_them()
    {
        var schema = Deliveries.Schema with { Constraints = [new RangeConstraint("few", "number", null, "399")] };
        var table = new Table(schema, Deliveries.Columns);
        var refusal = Assert.ThrowsExactly<SynthesisException>(
            () => ConstraintPlan.For(SampleOf(table), new Chunked(table), CancellationToken.None));
        Assert.AreEqual(SynthesisError.ConstraintsNotMet, refusal.Error);
        Assert.Contains("600 of 1000 rows", refusal.Message);
    }

    [TestMethod]
    public void A_model_to_start_from_whose_columns_repeat_each_other_is_refused_where_they_do_not_in_all_rows()
    {
        using var model = Methods.Fit("independent", Deliveries);
        using var file = AutoregressiveTests.Save(model);
        var package = ModelPackage.Open(file);
        Assert.IsNotNull(StartingPlan.For(package, SampleOf(Deliveries), new Chunked(Deliveries), CancellationToken.None).Plan);
        var other = With("paid", (row, paid) => row == Rows - 1 ? paid + 1 : paid);
        var refusal = Assert.ThrowsExactly<SynthesisException>(
            () => StartingPlan.For(package, SampleOf(Deliveries), new Chunked(other), CancellationToken.None));
        Assert.AreEqual((SynthesisError.TableMismatch, "paid"), (refusal.Error, refusal.Subject));
    }

    [TestMethod]
    public void Reading_all_rows_before_they_are_learned_ends_with_the_time()
    {
        var request = new FitRequest { Seed = 1, MaxTime = TimeSpan.FromMilliseconds(300), AllRows = new Endless(Deliveries) };
        var refusal = Assert.ThrowsExactly<SynthesisException>(
            () => Synthesizers.Get("copula").Fit(SampleOf(Deliveries), request, new Observer(), CancellationToken.None));
        Assert.AreEqual(SynthesisError.TimeTooShort, refusal.Error);
    }

    /// <summary>The plan for a table in which a column says something else; its sample says what it did.</summary>
    private static ConstraintPlan? PlanWith(string name, Func<int, double, double> value) =>
        ConstraintPlan.For(SampleOf(Deliveries), new Chunked(With(name, value)), CancellationToken.None).Plan;

    private static Table With(string name, Func<int, double, double> value) =>
        new(Deliveries.Schema, [.. Deliveries.Columns.Select(column => column.Name == name
            ? new NumericColumn(column.Schema, [.. ((NumericColumn)column).Values.Select((old, row) => value(row, old))])
            : column)]);

    private static Type[] FormsOf(ConstraintPlan? plan) => [.. (plan?.Transforms ?? []).Select(transform => transform.GetType())];

    private static Table SampleOf(Table table) => table.Take(Enumerable.Range(0, Sampled).ToArray());

    private static Table Make()
    {
        double[] number = [.. Enumerable.Range(0, Rows).Select(row => (double)row)];
        return TestTables.Make(
            TestTables.Numbers("number", ColumnKind.Integer, number),
            TestTables.Numbers("due", ColumnKind.Integer, number.Select(row => row % 50)),
            TestTables.Numbers("paid", ColumnKind.Integer, number.Select(row => row % 50)),
            TestTables.Numbers("start", ColumnKind.DateTime, number.Select(row => 1_600_000_000 + (3_600 * row))),
            TestTables.Numbers("end", ColumnKind.DateTime, number.Select(row => 1_600_000_600 + (3_600 * row) + (60 * (row % 5)))),
            TestTables.Numbers("lat", ColumnKind.Decimal, number.Select(row => 47 + (row % 97 / 100)), 2),
            TestTables.Numbers("lon", ColumnKind.Decimal, number.Select(row => 9 + (row % 89 / 50)), 2));
    }

    private sealed class Chunked(Table table) : IRowSource
    {
        public long RowCount => table.RowCount;

        public IEnumerable<Table> Read(CancellationToken cancellation) =>
            Enumerable.Range(0, table.RowCount).Chunk(128).Select(rows => table.Take(rows));
    }

    private sealed class Endless(Table rows) : IRowSource
    {
        public long RowCount => long.MaxValue;

        public IEnumerable<Table> Read(CancellationToken cancellation)
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                yield return rows;
            }
        }
    }
}
