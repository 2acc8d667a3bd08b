// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.Cli;

/// <summary>Numbers on the command line that are none, or too small: the option, what was found, what is allowed, and nothing of the program's insides.</summary>
public sealed class NumberOptionTests : IDisposable
{
    private readonly Workspace _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("verify rtl --stalls x", "--stalls: found 'x', allowed 0 or more")]
    [InlineData("verify rtl --stalls -1", "--stalls: found '-1', allowed 0 or more")]
    [InlineData("verify rtl --images 0", "--images: found '0', allowed 1 or more")]
    [InlineData("verify rtl --timeout 1.5", "--timeout: found '1.5', allowed 1..1000000")]
    [InlineData("formal --timeout 0", "--timeout: found '0', allowed 1..1000000")]
    [InlineData("mutate-rtl --network n --accelerator a --count 0", "--count: found '0', allowed 1..1000000")]
    [InlineData("mutate-rtl --network n --accelerator a --seed x", "--seed: found 'x', allowed 0 or more")]
    [InlineData("mutate-rtl --network n --accelerator a --jobs 0", "--jobs: found '0', allowed 1..1024")]
    [InlineData("calibrate --designs 10001", "--designs: found '10001', allowed 0..10000")]
    [InlineData("calibrate --first x", "--first: found 'x', allowed 0..10000")]
    [InlineData("calibrate --units -1", "--units: found '-1', allowed 0..10000")]
    [InlineData("calibrate --jobs 0", "--jobs: found '0', allowed 1..1024")]
    [InlineData("calibrate --placed 1", "--placed: found 1, allowed 0, or 2 and more")]
    [InlineData("compare a b --tolerance x", "--tolerance: found 'x', allowed 0 or more")]
    [InlineData("compare a b --tolerance -0.1", "--tolerance: found '-0.1', allowed 0 or more")]
    [InlineData("compare a b --tolerance NaN", "--tolerance: found 'NaN', allowed 0 or more")]
    [InlineData("network lenet5 --out o --seed x", "--seed: found 'x', allowed 0 or more")]
    [InlineData("network lenet5 --out o --weight-bits 0", "--weight-bits: found '0', allowed 1..32")]
    [InlineData("data export mnist --images x --out o", "--images: found 'x', allowed 1 or more")]
    public void A_number_that_is_none_is_told_with_what_is_allowed(string command, string finding)
    {
        CommandResult result = Codesign.Run(_place, command.Split(' ')).Ended(2);
        Assert.StartsWith(finding, Assert.Single(result.Findings));
        Assert.DoesNotContain("System.", result.Error);
    }
}
