namespace SynthStudio.Hosting;

/// <summary>What is wrong with a setting.</summary>
/// <param name="Setting">Its name.</param>
/// <param name="Text">What is wrong, and what to do.</param>
/// <param name="IsError">Whether a host refuses to start; else it starts, and says so in its log.</param>
public sealed record SettingProblem(string Setting, string Text, bool IsError)
{
    public override string ToString() => $"{Setting} {Text}";
}
