using SynthStudio.Synthesis.Constraints;
using SynthStudio.Tabular;

namespace SynthStudio.Synthesis.Tests.Constraints;

/// <summary>Combinations come out as they are: none may hold what identifies a person.</summary>
[TestClass]
public sealed class CombinedIdentifierTests
{
    private const int Rows = 400;

    [TestMethod]
    [DataRow(ColumnKind.Identifier, null)]
    [DataRow(ColumnKind.Text, null)]
    [DataRow(ColumnKind.Text, ValueClass.FullName)]
    [DataRow(ColumnKind.Categorical, ValueClass.Email)]
    public void Combinations_of_columns_whose_values_are_invented_are_refused(ColumnKind kind, ValueClass? about)
    {
        var error = Assert.ThrowsExactly<SynthesisException>(() => Methods.Fit("independent", Table(kind, about, new FixedCombinationsConstraint("pairs", ["who", "plan"]))));
        Assert.AreEqual((SynthesisError.ConstraintsNotMet, "who"), (error.Error, error.Subject));
        StringAssert.Contains(error.Message, "'pairs'");
        StringAssert.Contains(error.Message, "categorical");
        Assert.DoesNotContain("Real", error.Message);
    }

    [TestMethod]
    public void Listing_the_combinations_makes_no_difference()
    {
        var rule = new FixedCombinationsConstraint("pairs", ["who", "plan"], [["Real 0", "a"], ["Real 1", "b"]]);
        Assert.AreEqual("who", Assert.ThrowsExactly<SynthesisException>(() => Methods.Fit("independent", Table(ColumnKind.Identifier, null, rule))).Subject);
    }

    [TestMethod]
    public void The_same_column_declared_as_categorical_is_combined()
    {
        using var model = Methods.Fit("independent", Table(ColumnKind.Categorical, null, new FixedCombinationsConstraint("pairs", ["who", "plan"])));
        var drawn = Methods.Draw(model, 200);
        Assert.IsTrue(drawn.Texts("who").Zip(drawn.Texts("plan")).All(pair => pair is ({ } who, { } plan) && ((who[^1] - '0') % 2 == 0) == (plan == "a")));
    }

    [TestMethod]
    public void A_key_that_an_older_model_combined_is_checked_for_repeats()
    {
        var table = Table(ColumnKind.Identifier, null, new UniqueConstraint("one", ["who"]));
        var plan = ConstraintPlan.Checking(table.Schema);
        Assert.IsEmpty(plan.Keys().ToList());
        Assert.HasCount(1, (plan with { Transforms = [JoinedColumns.Fit(["who", "plan"], table)] }).Keys().ToList());
    }

    [TestMethod]
    public void What_would_tear_combinations_apart_is_refused()
    {
        var table = TestTables.Make(
            TestTables.Coded("who", ColumnKind.Categorical, Enumerable.Range(0, Rows).Select(i => i % 2 == 0 ? "a\u001Fb" : "c")),
            TestTables.Coded("plan", ColumnKind.Categorical, Enumerable.Range(0, Rows).Select(i => i % 2 == 0 ? "a" : "b")));
        var error = Assert.ThrowsExactly<SynthesisException>(() => JoinedColumns.Fit(["who", "plan"], table));
        Assert.AreEqual((SynthesisError.ConstraintsNotMet, "who"), (error.Error, error.Subject));
    }

    /// <summary>Ten persons, each with a plan.</summary>
    private static Table Table(ColumnKind kind, ValueClass? about, Constraint rule)
    {
        var who = TestTables.Coded("who", kind, Enumerable.Range(0, Rows).Select(i => $"Real {i % 10}"));
        var plan = TestTables.Coded("plan", ColumnKind.Categorical, Enumerable.Range(0, Rows).Select(i => i % 2 == 0 ? "a" : "b"));
        var table = TestTables.Make(new CodedColumn(who.Schema with { Class = about }, who.Codes, who.Values), plan);
        return new Table(table.Schema with { Constraints = [rule] }, table.Columns);
    }
}
