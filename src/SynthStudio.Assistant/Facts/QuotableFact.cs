namespace SynthStudio.Assistant.Facts;

/// <summary>Something that is stored, and that a sentence of a draft may rest on.</summary>
/// <param name="Id"><c>F1</c>, <c>F2</c>, …</param>
/// <param name="Name">What it is, for example <c>privacy.epsilon</c>.</param>
/// <param name="Value">What is stored, as text.</param>
/// <param name="Source">Resource name of what it is stored of.</param>
/// <param name="BearsOn">Places of laws and standards, for example <c>GDPR Art. 30(1)</c>: a sentence may cite them as they
/// stand here, and take no numbers from them.</param>
public sealed record QuotableFact(string Id, string Name, string Value, string Source, IReadOnlyList<string> BearsOn);
