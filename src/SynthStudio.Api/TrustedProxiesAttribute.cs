using System.ComponentModel.DataAnnotations;
using System.Net;

namespace SynthStudio.Api;

/// <summary>Each is an IP address, or a network as an address and the length of its prefix.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TrustedProxiesAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext context)
    {
        var wrong = (value as IEnumerable<string> ?? []).FirstOrDefault(proxy => !IPNetwork.TryParse(proxy, out _) && !IPAddress.TryParse(proxy, out _));
        return wrong is null
            ? ValidationResult.Success
            : new ValidationResult($"holds \"{wrong}\"; a proxy is an address like 10.0.0.7, or a network like 10.0.0.0/24.", [context.MemberName!]);
    }
}
