"""The platforms where work is planned and bought, one package each; none imports another."""
