using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Hosting;

/// <summary>A Redis that API replicas share; the section <c>SynthStudio:Redis</c>. The service works without, and while it is down.</summary>
public sealed class RedisSettings
{
    /// <summary>How to connect: <c>redis:6380,password=…,ssl=true</c>. Empty: none.</summary>
    [DataType(DataType.Password)]
    public string ConnectionString { get; set; } = "";

    /// <summary>What our keys and channels begin with, for a Redis that others use too.</summary>
    [RegularExpression("[A-Za-z0-9:._-]*", ErrorMessage = "must be of letters, digits, ':', '.', '_' and '-'.")]
    public string Prefix { get; set; } = "synthstudio:";
}
