namespace SynthStudio.Synthesis;

/// <summary>What values an option takes. Names are stable: they travel to clients.</summary>
public enum MethodOptionKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>true or false.</summary>
    Flag,

    /// <summary>One of a few words.</summary>
    Choice,

    /// <summary>Anything.</summary>
    Text,
}
