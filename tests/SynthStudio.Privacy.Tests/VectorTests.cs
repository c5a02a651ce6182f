using SynthStudio.Privacy.Calibration;
using SynthStudio.Privacy.Concentrated;
using SynthStudio.Privacy.Events;
using SynthStudio.Privacy.Gaussian;
using SynthStudio.Privacy.Loss;
using SynthStudio.Privacy.Renyi;

namespace SynthStudio.Privacy.Tests;

/// <summary>Every research vector, where they are at hand; <see cref="PublishedValueTests"/> holds what is always checked.</summary>
[TestClass]
public sealed class VectorTests
{
    [TestMethod]
    public void One_step_divergences_equal_the_quadrature()
    {
        foreach (var row in ResearchVectors.Of("rdp_one_step_quadrature"))
        {
            var e = new PoissonSampledEvent(row.Number("q"), new GaussianEvent(row.Number("sigma")));
            AreClose(row.Number("rdp_quadrature"), RenyiDivergence.Of(e, row.Number("alpha")), 1e-11);
        }

        foreach (var row in ResearchVectors.Of("log_a_quadrature"))
            AreClose(row.Number("log_a"), SampledGaussian.LogMoment(row.Number("q"), row.Number("sigma"), row.Number("order")), 1e-12);
    }

    [TestMethod]
    public void Composed_epsilons_equal_the_references_and_lie_above_every_lower_bound()
    {
        foreach (var row in ResearchVectors.Of("composition"))
        {
            var e = new PoissonSampledEvent(row.Number("q"), new GaussianEvent(row.Number("sigma"))).Times((long)row.Number("steps"));
            var pld = new PldAccountant().Epsilon(e, row.Number("delta"));
            AreClose(row.Number("eps_pld_pess_ctd_1e-4"), pld, 5e-5);
            AreClose(row.Number("eps_rdp_ref_exact_orders"), new RdpAccountant().Epsilon(e, row.Number("delta")), 1e-10);
            Assert.IsGreaterThanOrEqualTo(row.Number("eps_pld_optimistic_buckets_1e-4"), pld);
            Assert.IsGreaterThanOrEqualTo(row.Number("eps_prv_lower"), pld);
        }
    }

    [TestMethod]
    public void Closed_forms_equal_the_references()
    {
        foreach (var row in ResearchVectors.Of("gdp_delta"))
            AreClose(row.Number("delta"), AnalyticGaussian.Delta(1 / row.Number("mu"), row.Number("eps")), 1e-12);
        foreach (var row in ResearchVectors.Of("zcdp_from_eps_delta"))
            AreClose(row.Number("rho"), ZeroConcentrated.Rho(row.Number("eps"), row.Number("delta")), 1e-12);
        foreach (var row in ResearchVectors.Of("eps_from_zcdp"))
            AreClose(row.Number("eps_improved"), ZeroConcentrated.Epsilon(row.Number("rho"), row.Number("delta")), 1e-12);
        foreach (var row in ResearchVectors.Of("discrete_gaussian_delta"))
            AreClose(row.Number("delta_discrete"), new DiscreteGaussianProfile(row.Number("sigma")).Delta(row.Number("eps")), 1e-12);
    }

    [TestMethod]
    public void Calibrated_noise_keeps_the_promise_and_is_not_above_the_references()
    {
        foreach (var row in ResearchVectors.Of("calibration").Where((_, i) => i % 6 == 1))
        {
            PrivacyEvent At(double sigma) => new PoissonSampledEvent(row.Number("q"), new GaussianEvent(sigma)).Times((long)row.Number("steps"));
            var sigma = NoiseCalibration.NoiseMultiplier(At, new PldAccountant(), row.Number("target_eps"), row.Number("delta"));
            Assert.IsLessThanOrEqualTo(row.Number("target_eps"), new PldAccountant().Epsilon(At(sigma), row.Number("delta")));
            AreClose(row.Number("sigma_pld"), sigma, 1e-3);
        }
    }

    private static void AreClose(double expected, double actual, double relative) => Assert.AreEqual(expected, actual, relative * Math.Abs(expected));
}
