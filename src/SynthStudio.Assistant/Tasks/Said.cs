namespace SynthStudio.Assistant.Tasks;

/// <summary>Something that was said in a chat before.</summary>
/// <param name="ByAssistant">Whether the assistant said it.</param>
/// <param name="Text">Its words.</param>
public sealed record Said(bool ByAssistant, string Text);
