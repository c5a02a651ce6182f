namespace SynthStudio.Cli.Progress;

/// <summary>Where one step of a command stands.</summary>
/// <param name="Step">Its name, as people read it: upload, train, generate, score.</param>
/// <param name="Fraction">Share that is done, 0 to 1.</param>
/// <param name="Remaining">Expected time to its end; null when not known.</param>
/// <param name="Detail">A few words more: losses, rows; empty when there are none.</param>
internal sealed record StepProgress(string Step, double Fraction, TimeSpan? Remaining = null, string Detail = "");
