namespace SynthStudio.Catalog.Assistant;

/// <summary>What a project asked of language models in a month, for a task.</summary>
/// <param name="Project">Whose.</param>
/// <param name="Task">What for, for example <c>Chat</c>.</param>
/// <param name="Questions">How many were sent.</param>
/// <param name="Asked">Tokens of them.</param>
/// <param name="Answered">Tokens of the answers.</param>
public sealed record AssistantUsage(string Project, string Task, long Questions, long Asked, long Answered);
