using System.ComponentModel.DataAnnotations;
using System.Net;

namespace SynthStudio.Api.Outbound;

/// <summary>A list of networks in CIDR notation.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NetworksAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is IEnumerable<string> networks && networks.FirstOrDefault(network => !IPNetwork.TryParse(network, out _)) is { } wrong
            ? new ValidationResult($"has {wrong}; it must be a network such as 10.20.0.0/16.", [validationContext.MemberName!])
            : ValidationResult.Success;
}
