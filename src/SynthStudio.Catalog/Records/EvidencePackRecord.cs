namespace SynthStudio.Catalog;

/// <summary>What could be shown of a project at one moment. It never changes.</summary>
public sealed record EvidencePackRecord : IListedRecord
{
    /// <summary>Resource name, <c>projects/{project}/evidencePacks/{evidence_pack}</c>.</summary>
    public required string Name { get; init; }

    public required string Project { get; init; }

    /// <summary>The generator or synthetic data set that it is about; empty for the whole project.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Ids of the laws and standards.</summary>
    public required IReadOnlyList<string> Frameworks { get; init; }

    /// <summary>1, 2, 3, … of the packs about the same project and subject.</summary>
    public required int Number { get; init; }

    /// <summary>Of the facts, lower-case hexadecimal.</summary>
    public required string FactsSha256 { get; init; }

    /// <summary>Controls by <c>{framework}/{standing}</c>, and questions to people by <c>{framework}/open</c>.</summary>
    public required IReadOnlyDictionary<string, int> Summary { get; init; }

    /// <summary>The signed files, by form.</summary>
    public required IReadOnlyDictionary<string, ObjectRef> Files { get; init; }

    public required string Creator { get; init; }

    /// <summary>When the facts were read.</summary>
    public required DateTimeOffset CreateTime { get; init; }
}
