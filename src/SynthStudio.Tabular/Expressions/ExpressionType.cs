namespace SynthStudio.Tabular;

/// <summary>What a row expression yields.</summary>
public enum ExpressionType
{
    /// <summary>A number; durations are numbers of seconds.</summary>
    Number,

    /// <summary>A text.</summary>
    Text,

    /// <summary>True, false or unknown.</summary>
    Truth,

    /// <summary>A moment or day, as seconds since 1970-01-01 UTC.</summary>
    Moment,

    /// <summary>A time of day, as seconds since midnight.</summary>
    Time,
}
