namespace SynthStudio.Evaluation;

/// <summary>LightGBM's native library cannot be loaded here, so that half of the metrics cannot be measured: the installation is to be mended.</summary>
public sealed class BoostingUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
