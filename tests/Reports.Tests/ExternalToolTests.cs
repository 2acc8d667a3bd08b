// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Reports.Tests;

public class ExternalToolTests
{
    [Fact]
    public void A_missing_program_is_named_with_its_remedy()
    {
        var missing = Assert.Throws<MissingToolException>(() => ExternalTool.Run("no-such-program-7f3a", "apt-get install nothing", [], []));
        Assert.Equal("no-such-program-7f3a is missing; get it with: apt-get install nothing", missing.Message);
        Assert.Equal("no-such-program-7f3a", missing.Tool);
    }

    [Fact]
    public void A_failing_program_is_quoted() =>
        Assert.Equal("sh failed with exit code 3: bad thing", Assert.Throws<InvalidOperationException>(() => ExternalTool.Run("sh", "", ["-c", "echo bad thing >&2; exit 3"], [])).Message);

    [Fact]
    public void A_program_that_does_not_read_its_input_is_no_error() =>
        Assert.Equal("hello\n"u8.ToArray(), ExternalTool.Run("echo", "", ["hello"], new byte[1 << 20]));

    [Fact]
    public void Large_inputs_and_outputs_pass_unchanged()
    {
        byte[] data = new byte[3_000_000];
        new Random(1).NextBytes(data);
        Assert.Equal(data, ExternalTool.Run("cat", "", [], data));
    }
}
