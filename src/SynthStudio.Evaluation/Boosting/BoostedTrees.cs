namespace SynthStudio.Evaluation.Boosting;

/// <summary>Gradient-boosted trees that predict the rows of one test set while they grow.</summary>
internal static class BoostedTrees
{
    private const double Tolerance = 1e-7;
    private const int GainImportance = 1;
    private const int HeldBackIndex = 1;

    /// <summary>Fits trees on <paramref name="training"/> and predicts <paramref name="test"/>.</summary>
    /// <param name="training">The rows to learn from.</param>
    /// <param name="heldBack">Rows that say when to stop; null boosts all rounds.</param>
    /// <param name="test">The rows to predict, binned as the training rows.</param>
    /// <param name="options">How to boost.</param>
    /// <param name="cancellation">Checked between rounds.</param>
    /// <exception cref="BoostingException">LightGBM refuses the data.</exception>
    public static BoostingPrediction FitAndPredict(
        BoostingDataset training, BoostingDataset? heldBack, BoostingDataset test, BoostingOptions options, CancellationToken cancellation)
    {
        LightGbmNative.Check(LightGbmNative.LGBM_BoosterCreate(training.Handle, options.ToParameters(), out var booster));
        try
        {
            if (heldBack is not null)
            {
                LightGbmNative.Check(LightGbmNative.LGBM_BoosterAddValidData(booster, heldBack.Handle));
            }

            LightGbmNative.Check(LightGbmNative.LGBM_BoosterAddValidData(booster, test.Handle));
            Boost(booster, heldBack is not null, options, cancellation);

            var testIndex = heldBack is null ? 1 : 2;
            LightGbmNative.Check(LightGbmNative.LGBM_BoosterGetNumPredict(booster, testIndex, out var count));
            var values = new double[count];
            LightGbmNative.Check(LightGbmNative.LGBM_BoosterGetPredict(booster, testIndex, out _, values));
            var gains = new double[test.Columns];
            LightGbmNative.Check(LightGbmNative.LGBM_BoosterFeatureImportance(booster, 0, GainImportance, gains));
            return new BoostingPrediction(values, gains);
        }
        finally
        {
            _ = LightGbmNative.LGBM_BoosterFree(booster);
        }
    }

    private static void Boost(nint booster, bool mayStop, BoostingOptions options, CancellationToken cancellation)
    {
        var losses = new List<double>();
        var loss = new double[1];
        for (var round = 0; round < options.Rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            LightGbmNative.Check(LightGbmNative.LGBM_BoosterUpdateOneIter(booster, out var isFinished));
            if (isFinished != 0)
            {
                return;
            }

            if (mayStop)
            {
                LightGbmNative.Check(LightGbmNative.LGBM_BoosterGetEval(booster, HeldBackIndex, out _, loss));
                losses.Add(loss[0]);
                if (HasStalled(losses, options.Patience))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Whether none of the newest <paramref name="patience"/> losses is better than the one before them (scikit-learn's rule).</summary>
    private static bool HasStalled(List<double> losses, int patience) =>
        losses.Count > patience && losses.TakeLast(patience).Min() >= losses[^(patience + 1)] - Tolerance;
}
