namespace SynthStudio.Evaluation.Boosting;

/// <summary>Gradient boosting could not run: the native library is missing or refused its input.</summary>
internal sealed class BoostingException(string message, Exception? inner = null) : Exception(message, inner);
