using SynthStudio.Privacy.Auditing;

namespace SynthStudio.Privacy.Tests;

/// <summary>Empirical bounds on epsilon against computed vectors, and against mechanisms whose epsilon is known.</summary>
[TestClass]
public sealed class AuditingTests
{
    [TestMethod]
    [DataRow(100, 100, 0, 100, 0.05, 0, 0.9637833073548235, 0.03621669264517641, 3.2813463490987878)]
    [DataRow(500, 1000, 50, 1000, 0.05, 1e-05, 0.46854917297179216, 0.06539048791549364, 1.969242908615643)]
    [DataRow(1000, 1000, 0, 1000, 0.05, 1e-05, 0.9963179161031344, 0.003682083896865671, 5.6005774942916355)]
    [DataRow(30, 1000, 10, 1000, 0.05, 1e-05, 0.02033048568310962, 0.01831324305511245, 0.10400506180999528)]
    [DataRow(5000, 5000, 0, 5000, 0.05, 0, 0.9992624961988918, 0.000737503801108105, 7.211501539827871)]
    public void Bounds_on_rates_are_those_of_the_vectors(
        int found, int members, int suspected, int others, double significance, double delta, double rateOfFound, double rateOfSuspected, double epsilon)
    {
        Assert.AreEqual(rateOfFound, ClopperPearson.Lower(found, members, significance / 2), 1e-8);
        Assert.AreEqual(rateOfSuspected, ClopperPearson.Upper(suspected, others, significance / 2), 1e-8);
        Assert.AreEqual(epsilon, ClopperPearson.Epsilon(found, members, suspected, others, delta, significance), 1e-6);
    }

    [TestMethod]
    public void Guessing_by_chance_refutes_nothing() =>
        Assert.AreEqual(0, ClopperPearson.Epsilon(500, 1_000, 500, 1_000, 1e-5, 0.05));
}
