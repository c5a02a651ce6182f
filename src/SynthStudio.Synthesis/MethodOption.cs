namespace SynthStudio.Synthesis;

/// <summary>An option of a method: its name, meaning, default and allowed values.</summary>
/// <param name="Name">In snake_case, as users write it.</param>
/// <param name="Description">One line, with the unit.</param>
/// <param name="Default">The value when it is not given; empty when the method chooses by the data.</param>
/// <param name="Allowed">The allowed values in words, for example <c>1 to 10000</c>.</param>
public sealed record MethodOption(string Name, string Description, string Default, string Allowed);
