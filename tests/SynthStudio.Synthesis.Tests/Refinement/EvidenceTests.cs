using SynthStudio.Synthesis.Autoregressive.Refinement;

namespace SynthStudio.Synthesis.Tests.Refinement;

[TestClass]
public sealed class EvidenceTests
{
    [TestMethod]
    public void A_gain_is_measured_in_its_standard_errors()
    {
        // Mean 1, standard deviation 2, four rows: a standard error of 1.
        Assert.AreEqual(new Evidence(1, 1), Evidence.Of([3, -1, 3, -1]));
        Assert.AreEqual(new Evidence(1, 2), Evidence.Of([.. Enumerable.Repeat<double[]>([3, -1, 3, -1], 4).SelectMany(gains => gains)]));
        Assert.AreEqual(double.NaN, Evidence.Of([0, 0]).StandardErrors);
    }
}
