namespace SynthStudio.Assistant;

/// <summary>What a language model is asked for; each has its own route, and its own line in the usage.</summary>
public enum AssistantTask
{
    /// <summary>Answers questions about a project, with tools.</summary>
    Chat,

    /// <summary>Explains a report or one figure of it.</summary>
    Explain,

    /// <summary>Suggests other options for a generator.</summary>
    Suggest,

    /// <summary>Writes a model card or a narrative from stored facts.</summary>
    Draft,

    /// <summary>Declares a table from a description.</summary>
    Propose,

    /// <summary>Says what columns hold by their names and kinds.</summary>
    Classify,
}
