namespace SynthStudio.Evaluation.Boosting;

/// <summary>
/// Rows in LightGBM's hands, their features cut into <see cref="FeatureBins"/>. Subsets share the bins of the whole, and a data set
/// made with a reference those of the reference, so that nothing is binned twice.
/// </summary>
internal sealed class BoostingDataset : IDisposable
{
    // A LightGBM bin for each of our bins and one for missing values; one thread, because callers run several fits side by side.
    private const string Parameters =
        "max_bin=256 min_data_in_bin=1 bin_construct_sample_cnt=200000 feature_pre_filter=false num_threads=1 verbosity=-1";

    private readonly FeatureBins bins;

    private BoostingDataset(nint handle, FeatureBins bins, int rows, int columns)
    {
        Handle = handle;
        this.bins = bins;
        Rows = rows;
        Columns = columns;
    }

    public nint Handle { get; private set; }

    public int Rows { get; }

    public int Columns { get; }

    /// <param name="features">The rows; their values are replaced by bins.</param>
    /// <param name="labels">One label a row: 0 or 1, a class from 0 up, or the number to predict.</param>
    /// <param name="reference">The data set whose bins are used; null makes bins from these rows.</param>
    /// <exception cref="BoostingException">LightGBM refuses the rows.</exception>
    /// <exception cref="BoostingUnavailableException">Its native library cannot be loaded.</exception>
    public static BoostingDataset Create(FeatureMatrix features, float[] labels, BoostingDataset? reference = null)
    {
        var bins = reference?.bins ?? new FeatureBins(features);
        bins.Apply(features);
        nint handle;
        try
        {
            LightGbmNative.Check(LightGbmNative.LGBM_DatasetCreateFromMat(
                features.Values, LightGbmNative.Float64, features.Rows, features.Columns, 1, Parameters, reference?.Handle ?? 0, out handle));
        }
        catch (DllNotFoundException missing)
        {
            throw new BoostingUnavailableException(
                "LightGBM's native library cannot be loaded (on Debian and Ubuntu it needs the package libgomp1): " + missing.Message, missing);
        }

        var dataset = new BoostingDataset(handle, bins, features.Rows, features.Columns);
        try
        {
            LightGbmNative.Check(LightGbmNative.LGBM_DatasetSetField(handle, "label", labels, labels.Length, LightGbmNative.Float32));
        }
        catch
        {
            dataset.Dispose();
            throw;
        }

        return dataset;
    }

    /// <summary>The rows named by <paramref name="rows"/> (ascending), with their labels.</summary>
    public BoostingDataset Subset(int[] rows)
    {
        LightGbmNative.Check(LightGbmNative.LGBM_DatasetGetSubset(Handle, rows, rows.Length, Parameters, out var subset));
        return new BoostingDataset(subset, bins, rows.Length, Columns);
    }

    public void Dispose()
    {
        if (Handle != 0)
        {
            _ = LightGbmNative.LGBM_DatasetFree(Handle);
            Handle = 0;
        }
    }
}
