namespace SynthStudio.Cli.Connection;

/// <summary>Which server a command talks to.</summary>
/// <param name="Server">Its address; null hosts one in this process.</param>
/// <param name="Credential">The API key or token to send; null with a hosted one, which makes its own.</param>
/// <param name="Project">Resource name of the project to work in.</param>
internal sealed record ConnectionSettings(Uri? Server, Func<ValueTask<string>>? Credential, string Project);
