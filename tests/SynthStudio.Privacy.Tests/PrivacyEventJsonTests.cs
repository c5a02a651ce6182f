using SynthStudio.Privacy.Events;

namespace SynthStudio.Privacy.Tests;

[TestClass]
public sealed class PrivacyEventJsonTests
{
    [TestMethod]
    public void A_list_becomes_the_events_it_names()
    {
        var e = PrivacyEventJson.Parse("""
            [
              { "type": "gaussian", "noise_multiplier": 10, "count": 14 },
              { "type": "poisson_gaussian", "noise_multiplier": 1, "sample_rate": 0.01, "steps": 200 },
              { "type": "non_private", "count": 0 }
            ]
            """);

        CollectionAssert.AreEquivalent(
            new[] { ((PrivacyEvent)new GaussianEvent(10), 14L), (new PoissonSampledEvent(0.01, new GaussianEvent(1)), 200L) },
            PrivacyEvents.Flatten(e).ToArray());
    }

    [TestMethod]
    [DataRow("[1, 2", "no valid JSON")]
    [DataRow("[3]", "Event 1 is not a JSON object")]
    [DataRow("""{"noise_multiplier": 3}""", "needs a \"type\"")]
    [DataRow("""{"type": "gauss", "noise_multiplier": 3}""", "one of: gaussian")]
    [DataRow("""[{"type": "zcdp", "rho": 1}, {"type": "gaussian"}]""", "Event 2 (gaussian) needs the number \"noise_multiplier\"")]
    [DataRow("""{"type": "gaussian", "noise_multiplier": 3, "sample_rate": 0.1}""", "has no parameter \"sample_rate\"")]
    [DataRow("""{"type": "gaussian", "noise_multiplier": "3"}""", "must be a number")]
    [DataRow("""{"type": "gaussian", "noise_multiplier": -3}""", "Event 1: noise_multiplier must be")]
    [DataRow("""{"type": "gaussian", "noise_multiplier": 3, "count": 1.5}""", "whole number")]
    public void What_cannot_be_read_is_refused_with_its_place(string json, string says) =>
        StringAssert.Contains(Assert.ThrowsExactly<PrivacyException>(() => PrivacyEventJson.Parse(json)).Message, says);
}
