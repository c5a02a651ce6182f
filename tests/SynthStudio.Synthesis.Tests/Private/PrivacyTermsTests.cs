using SynthStudio.Privacy.Ledger;
using SynthStudio.Synthesis.Private;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Private;

/// <summary>The promise is checked before a private byte is read.</summary>
[TestClass]
public sealed class PrivacyTermsTests
{
    private static readonly TableSchema Schema = new()
    {
        Columns = [new ColumnSchema { Name = "person", Kind = ColumnKind.Identifier }, new ColumnSchema { Name = "x", Kind = ColumnKind.Integer }],
        Population = new Population("person", 3, 1_000),
    };

    [TestMethod]
    [DataRow(0.0, 1e-6)]
    [DataRow(-1.0, 1e-6)]
    [DataRow(double.NaN, 1e-6)]
    [DataRow(double.PositiveInfinity, 1e-6)]
    [DataRow(double.Epsilon, 1e-6)]
    [DataRow(101.0, 1e-6)]
    [DataRow(1.0, 0.0)]
    [DataRow(1.0, 0.01)]
    [DataRow(1.0, double.NaN)]
    public void Numbers_that_promise_nothing_are_refused(double epsilon, double delta) =>
        Refused(SynthesisError.PrivacyTermsInvalid, () => _ = new PrivacyTerms { Epsilon = epsilon, Delta = delta });

    [TestMethod]
    public void What_the_terms_leave_open_comes_from_the_schema()
    {
        var terms = Terms().CompletedBy(Schema);

        Assert.AreEqual(("person", 3, 1_000L), (terms.UnitColumn, terms.MaxRowsPerUnit, terms.Rows));
    }

    [TestMethod]
    public void What_the_terms_say_wins_over_the_schema()
    {
        var terms = (Terms() with { UnitColumn = "x", MaxRowsPerUnit = 2, Rows = 500 }).CompletedBy(Schema);

        Assert.AreEqual(("x", 2, 500L), (terms.UnitColumn, terms.MaxRowsPerUnit, terms.Rows));
    }

    [TestMethod]
    public void A_delta_that_lets_whole_rows_out_is_refused() =>
        Refused(SynthesisError.PrivacyTermsInvalid, () => (Terms() with { Delta = 1e-3 }).CompletedBy(Schema));

    [TestMethod]
    public void A_unit_column_must_exist() =>
        Refused(SynthesisError.UnknownColumn, () => (Terms() with { UnitColumn = "nobody" }).CompletedBy(Schema));

    [TestMethod]
    public void A_bound_that_cannot_be_enforced_is_refused() => Refused(
        SynthesisError.PrivacyTermsInvalid, () => (Terms() with { MaxRowsPerUnit = 2 }).CompletedBy(Schema with { Population = Population.Undeclared }));

    [TestMethod]
    public void A_part_must_hold_all_rows_of_a_unit()
    {
        var byUnit = Partition.ByHash("person", 2).Parts[0];
        Assert.AreEqual(byUnit, (Terms() with { Part = byUnit }).CompletedBy(Schema).Part);
        Refused(SynthesisError.PrivacyTermsInvalid, () => (Terms() with { Part = byUnit with { Column = "x" } }).CompletedBy(Schema));
        Refused(SynthesisError.UnknownColumn, () => (Terms() with { Part = byUnit with { Column = "nobody" } }).CompletedBy(Schema));
    }

    private static PrivacyTerms Terms() => new() { Epsilon = 1, Delta = 1e-6 };

    private static void Refused(SynthesisError error, Action action) => Assert.AreEqual(error, Assert.ThrowsExactly<SynthesisException>(action).Error);
}
