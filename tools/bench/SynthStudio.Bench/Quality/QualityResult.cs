namespace SynthStudio.Bench.Quality;

/// <summary>What one training with one seed gave. Null was not measured. Processor seconds say more than seconds where others use the machine too.</summary>
internal sealed record QualityResult(
    string Table, string Method, long Seed, int Rows, double FitSeconds, double RowsPerSecond, double? Shape, double? Trend, double? TrendShared,
    double? QaAccuracy, double? C2stAuc, double? Tstr, double? Trtr, double? DcrShare, double? FitProcessorSeconds = null,
    double? RowsPerProcessorSecond = null);
