namespace SynthStudio.Assistant.Facts;

/// <summary>Something that is stored.</summary>
/// <param name="Id"><c>F1</c>, <c>F2</c>, …</param>
/// <param name="Name">What it is, for example <c>privacy.epsilon</c>.</param>
/// <param name="Value">What is stored, as text.</param>
/// <param name="Source">Resource name of what it is stored of.</param>
public sealed record Fact(string Id, string Name, string Value, string Source);
