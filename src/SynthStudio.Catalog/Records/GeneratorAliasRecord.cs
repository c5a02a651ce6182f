namespace SynthStudio.Catalog;

/// <summary>A name for what a generator is used for.</summary>
/// <param name="Name">Resource name, <c>projects/{project}/generatorAliases/{alias}</c>.</param>
/// <param name="Generator">Resource name of the generator.</param>
/// <param name="Creator">Who pointed it there.</param>
/// <param name="UpdateTime">When.</param>
public sealed record GeneratorAliasRecord(string Name, string Generator, string Creator, DateTimeOffset UpdateTime);
