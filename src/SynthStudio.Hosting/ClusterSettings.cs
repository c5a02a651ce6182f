using System.ComponentModel.DataAnnotations;

namespace SynthStudio.Hosting;

/// <summary>How silos and API replicas find each other, through the database; the section <c>SynthStudio:Cluster</c>.</summary>
public sealed class ClusterSettings
{
    private const int UsualSiloPort = 11111;

    /// <summary>Processes of the same name are one cluster.</summary>
    [Required(ErrorMessage = "must not be empty.")]
    public string Name { get; set; } = "synthstudio";

    /// <summary>
    /// The name by which operators cordon and drain this silo, and by which a restarted one is still cordoned: one a silo. Empty takes the
    /// host's (in Kubernetes the pod's), with the port where that is not 11111: with a free port (0) that is another name after each start.
    /// </summary>
    [RegularExpression("[A-Za-z0-9._-]{0,100}", ErrorMessage = "must be at most 100 letters, digits, '.', '_' and '-'.")]
    public string SiloName { get; set; } = "";

    /// <summary>The IP address at which the other processes reach this silo; empty takes the host's own.</summary>
    public string AdvertisedAddress { get; set; } = "";

    /// <summary>The IP address that this silo listens on, where it is not the advertised one: behind address translation, for example <c>0.0.0.0</c>.</summary>
    public string ListenAddress { get; set; } = "";

    /// <summary>Port for other silos; 0 takes a free one. Whoever reaches it may do anything: keep it in a private network.</summary>
    [Range(0, 65535, ErrorMessage = "must be 0 to 65535.")]
    public int SiloPort { get; set; } = UsualSiloPort;

    /// <summary>Port for API replicas; 0 takes a free one. The same holds for it.</summary>
    [Range(0, 65535, ErrorMessage = "must be 0 to 65535.")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>The name of the silo of this process.</summary>
    /// <param name="port">Where it listens for others, which tells it from those that share its host.</param>
    internal string NameOfSilo(int port = UsualSiloPort) => SiloName.Length > 0 ? SiloName
        : port == UsualSiloPort ? Environment.MachineName
        : $"{Environment.MachineName}-{port}";
}
