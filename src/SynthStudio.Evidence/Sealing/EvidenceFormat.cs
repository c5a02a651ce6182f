namespace SynthStudio.Evidence.Sealing;

/// <summary>Form of an evidence pack's file.</summary>
public enum EvidenceFormat
{
    /// <summary>For programs.</summary>
    Json,

    /// <summary>For people, as text.</summary>
    Markdown,

    /// <summary>For people, to read in a browser and to print.</summary>
    Html,
}
