using System.Text.Json;
using SynthStudio.Privacy.Auditing;

namespace SynthStudio.Privacy.Tests;

/// <summary>Empirical bounds on epsilon against computed vectors, and against mechanisms whose epsilon is known.</summary>
[TestClass]
public sealed class AuditingTests
{
    public static IEnumerable<object[]> Rates => ResearchVectors.Of("clopper_pearson").Select(row => new object[] { row });

    public static IEnumerable<object[]> PValues => ResearchVectors.Of("one_run_p_value").Select(row => new object[] { row });

    public static IEnumerable<object[]> Bounds => ResearchVectors.Of("one_run_eps_lower_bound_95").Select(row => new object[] { row });

    [TestMethod]
    [DynamicData(nameof(Rates))]
    public void Bounds_on_rates_are_those_of_the_vectors(JsonElement row)
    {
        var (found, members, suspected, others) = ((long)row.Number("tp"), (long)row.Number("n_in"), (long)row.Number("fp"), (long)row.Number("n_out"));
        var significance = row.Number("significance");

        Assert.AreEqual(row.Number("tpr_lb"), ClopperPearson.Lower(found, members, significance / 2), 1e-8);
        Assert.AreEqual(row.Number("fpr_ub"), ClopperPearson.Upper(suspected, others, significance / 2), 1e-8);
        Assert.AreEqual(row.Number("eps_lb"), ClopperPearson.Epsilon(found, members, suspected, others, row.Number("delta"), significance), 1e-6);
    }

    [TestMethod]
    [DynamicData(nameof(PValues))]
    public void One_run_p_values_are_those_of_the_vectors(JsonElement row) => Assert.AreEqual(
        row.Number("p"),
        OneRunAudit.PValue((int)row.Number("m"), (int)row.Number("r"), (int)row.Number("v"), row.Number("eps"), row.Number("delta")),
        1e-9);

    [TestMethod]
    [DynamicData(nameof(Bounds))]
    public void One_run_bounds_are_those_of_the_vectors(JsonElement row) => Assert.AreEqual(
        row.Number("eps_lb"),
        OneRunAudit.Epsilon((int)row.Number("m"), (int)row.Number("r"), (int)row.Number("v"), row.Number("delta"), row.Number("significance")),
        1e-6);

    [TestMethod]
    public void Guessing_by_chance_refutes_nothing()
    {
        Assert.AreEqual(0, OneRunAudit.Epsilon(1_000, 100, 50, 1e-5, 0.05));
        Assert.AreEqual(0, ClopperPearson.Epsilon(500, 1_000, 500, 1_000, 1e-5, 0.05));
    }
}
