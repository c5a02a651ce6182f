namespace SynthStudio.Evaluation.Boosting;

/// <summary>LightGBM refused its input.</summary>
internal sealed class BoostingException(string message) : Exception(message);
