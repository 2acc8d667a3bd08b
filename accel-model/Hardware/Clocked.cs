// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Hardware;

/// <summary>Combinational logic between registers.</summary>
public interface IStage
{
    /// <summary>
    /// Reads what registers show in this cycle and sets what its own registers and ports take at the clock edge. Stages may be evaluated in any order.
    /// </summary>
    void Evaluate();
}

/// <summary>State that changes at the clock edge only.</summary>
public interface IClocked
{
    /// <summary>The clock edge. Uses nothing of other blocks, so edges may be taken in any order.</summary>
    void Advance();
}

/// <summary>The number of the current cycle.</summary>
public sealed class Clock : IClocked
{
    /// <summary>0 in the first cycle of an inference.</summary>
    public long Cycle { get; private set; }

    /// <inheritdoc/>
    public void Advance() => Cycle++;

    /// <summary>Back to cycle 0.</summary>
    public void Reset() => Cycle = 0;
}
